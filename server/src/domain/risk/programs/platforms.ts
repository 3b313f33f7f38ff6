import { keyed, looking } from "./shapes.js";
import type { Programs } from "./usage.js";

/** Clouds, clusters, queues and stores, pipelines, sites, storage, switches, accounts. */
const services = [
  "bosh civo upctl ovhai e2e stackit ionosctl metal phx ecs-cli northflank koyeb qovery porter clever scalingo gigalixir kubectl-argo-rollouts fission faas-cli okteto garden devspace telepresence talosctl rosa ocm crossplane vela rancher k0s k0sctl kubeone karmadactl clusteradm virtctl kubevpn kubefed nats kaf kcctl topicctl pulsarctl pulsar-admin rabbitmqadmin temporal tctl cadence zbctl influx influxctl vmctl mimirtool logcli grr buildkite-agent bk drone appcenter bitrise depot ldcli newrelic pd opsgenie gcli berg snow databricks prefect dagster airflow kestra abctl contentful sanity shopify platform upsun acli terminus lagoon hub-tool gitea forgejo-cli gitlab jf jfrog art nexus cloudsmith packagecloud fury bx kyma btp cds mta xata-cli fauna couchbase-cli cbimport mongocli realm-cli mailchimp vonage nexmo telnyx tfc tfe tfctl spacectl env0 scalr terramate atmos terraspace aptible hostctl meroxa pipedream n8n zapier-platform patronictl repmgr pgbackrest barman wal-g pg_autoctl pcs crm corosync-cfgtool corosync-quorumtool drbdadm gluster ceph rados rbd radosgw-admin cephadm nextcloud occ gitlab-rake gitlab-ctl discourse mattermost mmctl rocketchatctl synapse_port_db proxmox-backup-client vzctl prlctl vmrun vboxmanage govc ovftool xe xl lxc-ls salt-run salt-ssh cmk check_mk_agent zabbix_get zabbix_sender icinga2 icingacli nagios sensuctl harbor notation rekor-cli ovs-vsctl ovs-ofctl ovs-appctl ovs-dpctl ovn-nbctl ovn-sbctl birdc vtysh gobgp exabgpcli keycloak kcadm.sh kcadm ory kratos keto zitadel auth0 okta",
];

/** Command lines of services elsewhere: their plain looking words are free, all else changes something there. */
export const platforms: Programs = {
  ...keyed(services, looking("", { flags: "*", does: "changes_remote" })),
  ipfs: {
    verbs: {
      "add pin dag block files": { flags: "*", takes: "upload...", does: "publishes" },
      "cat get ls id version help swarm stats repo resolve": { flags: "*", takes: "text...", does: "reads_network" },
    },
  },
};
