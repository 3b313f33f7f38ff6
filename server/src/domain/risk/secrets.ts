/** Shapes of well-known tokens. Each is anchored on a prefix that its issuer documents. */
export const tokens = new RegExp(
  [
    "\\b(?:sk|rk|pk)_live_[0-9A-Za-z]{6,}",
    "\\bwhsec_[0-9A-Za-z]{8,}",
    "\\bgh[pousr]_[0-9A-Za-z]{16,}",
    "\\bgithub_pat_[0-9A-Za-z_]{20,}",
    "\\bglpat-[0-9A-Za-z_-]{16,}",
    "\\b(?:AKIA|ASIA)[0-9A-Z]{12,}",
    "\\bxox[abposr]-[0-9A-Za-z-]{10,}",
    "\\bxapp-[0-9A-Za-z-]{10,}",
    "\\bsk-(?:ant-|proj-)?[0-9A-Za-z_-]{20,}",
    "\\bAIza[0-9A-Za-z_-]{30,}",
    "\\bnpm_[0-9A-Za-z]{20,}",
    "\\bpypi-[0-9A-Za-z_-]{20,}",
    "\\bSG\\.[0-9A-Za-z_-]{16,64}\\.[0-9A-Za-z_-]{16,}",
    "\\bdop_v1_[0-9a-f]{32,}",
    "\\bhvs\\.[0-9A-Za-z_-]{20,}",
    "\\bya29\\.[0-9A-Za-z_-]{20,}",
    // Bounded, since a text of many such beginnings would otherwise be searched from each to its end.
    "\\beyJ[0-9A-Za-z_-]{10,400}\\.eyJ[0-9A-Za-z_-]{10,2000}\\.",
    "-----BEGIN (?:[A-Z ]{1,40} )?PRIVATE KEY",
    "\\baws_(?:secret_access_key|session_token)[\"']?\\s{0,4}[:=]\\s{0,4}[\"']?[0-9A-Za-z/+]{16,}",
    "\\$2[aby]\\$\\d\\d\\$[./0-9A-Za-z]{20,}",
    "\\$(?:6|y|argon2id?)\\$[^\\s\"']{20,}",
    "[\"'](?:[A-Z][A-Z0-9]*_)+(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY)[\"']\\s{0,4}:\\s{0,4}[\"'][^\"'$]{6,}",
    "\\b[a-z]+://[^\\s:/@]+:[^\\s@/$]{3,}@",
    "(?:^|[\\s\"'&?,{])(?:[A-Z][A-Z0-9]*_)*(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY)=[^\\s$\"'&]{6,}",
  ].join("|"),
);

/** True when the text holds something shaped like a credential. */
export function holdsSecret(text: string): boolean {
  return tokens.test(text);
}

/** True when a variable of this name holds a credential by custom. */
export function isSecretName(name: string): boolean {
  return (
    /(?:^|_)(?:SECRET|TOKEN|PASSWORD|PASSWD|PWD_?HASH|API_?KEY|APIKEY|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?|AUTH)(?:_|$)|(?:_KEY|_PAT|_DSN)$|(?:^|_)(?:DATABASE|REDIS|MONGO(?:DB)?|POSTGRES|AMQP|RABBITMQ)_UR[LI]$/i.test(
      name,
    ) && !/^(?:SSH_AUTH_SOCK|PWD|OLDPWD)$/.test(name)
  );
}
