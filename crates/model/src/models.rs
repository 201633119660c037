//! The table of models: every type of value a client may configure, its key and its names.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use prost::Message;

use crate::error::Error;
use crate::proto::ligato::{govppmux, linux, netalloc, vpp};
use crate::value::{Model, Value, Wire};
use crate::{json, names, pool};

/// One model: a message of the API whose instances have keys.
#[derive(Debug)]
pub struct ModelSpec {
    /// `config` for what clients configure, `metrics` for what they only read.
    pub class: &'static str,
    /// Group of models, such as `vpp.l2`.
    pub module: &'static str,
    /// Version of the model, such as `v2`.
    pub version: &'static str,
    /// Type within the module, such as `bridge-domain` (`type` on the wire).
    pub kind: &'static str,
    /// Start of the keys; the whole key of a model that exists once.
    pub prefix: &'static str,
    /// Full protobuf name of the message.
    pub proto_name: &'static str,
    /// The Go template of the instance name, announced byte for byte because clients execute it.
    /// Empty for a model that exists once.
    pub name_template: &'static str,
    /// The instance name for people: fields in braces, optional parts in brackets.
    pub key_pattern: &'static str,
    /// Name of the field that holds the model in its group of a configuration document, such as `ipsec_spds`;
    /// empty for a model of another class than `config`.
    pub field: &'static str,
    /// The same field's JSON name, such as `ipsecSpds`.
    pub json_field: &'static str,
    decode: Decode,
}

type Decode = fn(&[u8]) -> Result<Arc<dyn Value>, Error>;

impl ModelSpec {
    /// Name of the model: `module.type`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.module, self.kind)
    }

    /// Whether there is only one instance; its name is empty and its key is the prefix.
    pub fn is_singleton(&self) -> bool {
        self.name_template.is_empty()
    }

    /// Name of the root field of a configuration document that holds this model, such as `vppConfig`
    /// (the same as protobuf and as JSON name).
    pub fn group(&self) -> String {
        format!("{}Config", self.module.split('.').next().unwrap_or_default())
    }

    /// Path of the file that defines the message, such as `ligato/vpp/l3/route.proto`.
    pub fn file(&self) -> String {
        pool()
            .get_message_by_name(self.proto_name)
            .map(|message| message.parent_file().name().to_owned())
            .unwrap_or_default()
    }

    /// The key of the instance with this name.
    pub fn key(&self, name: &str) -> String {
        let mut key = String::with_capacity(self.prefix.len() + name.len());
        key.push_str(self.prefix);
        key.push_str(name);
        key
    }

    /// A value from its protobuf encoding.
    ///
    /// # Errors
    /// [`Error::Decode`] when the bytes are no encoding of the message.
    pub fn decode(&self, bytes: &[u8]) -> Result<Arc<dyn Value>, Error> {
        (self.decode)(bytes)
    }

    /// A value from JSON; proto names and JSON names are accepted.
    ///
    /// # Errors
    /// [`Error::Field`] naming the field that is unknown, of another type, or out of range.
    pub fn from_json(&self, value: &serde_json::Value) -> Result<Arc<dyn Value>, Error> {
        self.decode(&json::from_json(self.proto_name, value)?)
    }
}

/// The model with this name, such as `vpp.route`.
pub fn by_name(name: &str) -> Option<&'static ModelSpec> {
    static NAMES: LazyLock<HashMap<String, &'static ModelSpec>> =
        LazyLock::new(|| MODELS.iter().map(|spec| (spec.name(), spec)).collect());
    NAMES.get(name).copied()
}

/// The model of a message, such as `ligato.vpp.l3.Route`.
pub fn by_proto(proto_name: &str) -> Option<&'static ModelSpec> {
    static MESSAGES: LazyLock<HashMap<&str, &'static ModelSpec>> =
        LazyLock::new(|| MODELS.iter().map(|spec| (spec.proto_name, spec)).collect());
    MESSAGES.get(proto_name).copied()
}

/// The model that a key belongs to, and the name of the instance (empty for a model that exists once).
///
/// `None` when no model has such keys, or when the key is only a prefix without a name.
pub fn by_key(key: &str) -> Option<(&'static ModelSpec, &str)> {
    static PREFIXES: LazyLock<HashMap<&str, &'static ModelSpec>> =
        LazyLock::new(|| MODELS.iter().map(|spec| (spec.prefix, spec)).collect());
    /// No prefix has more segments: class, two for the module, version, type.
    const DEEPEST: usize = 5;
    if let Some(spec) = PREFIXES.get(key) {
        return spec.is_singleton().then_some((*spec, ""));
    }
    let longest = key.match_indices('/').take(DEEPEST).filter_map(|(slash, _)| {
        let (prefix, name) = key.split_at(slash + 1);
        PREFIXES.get(prefix).map(|spec| (*spec, name))
    });
    longest.last().filter(|(_, name)| !name.is_empty())
}

/// The value with its type forgotten.
pub fn erase<M: Model>(value: M) -> Arc<dyn Value> {
    Arc::new(value)
}

fn decode<M: Model + Message + Default>(proto_name: &str, bytes: &[u8]) -> Result<Arc<dyn Value>, Error> {
    match M::decode(bytes) {
        Ok(value) => Ok(Arc::new(value)),
        Err(cause) => Err(Error::Decode { message: proto_name.to_owned(), cause }),
    }
}

macro_rules! models {
    ($($message:ty = $proto_name:literal {
        spec: $class:literal $module:literal $version:literal $kind:literal, prefix: $prefix:literal,
        document: $field:literal $json_field:literal, key: $key_pattern:literal,
        template: $template:literal,
        name: $name:expr,
    })*) => {
        /// All models, in the order in which a configuration document lists them.
        pub static MODELS: &[ModelSpec] = &[$(ModelSpec {
            class: $class,
            module: $module,
            version: $version,
            kind: $kind,
            prefix: $prefix,
            proto_name: $proto_name,
            name_template: $template,
            key_pattern: $key_pattern,
            field: $field,
            json_field: $json_field,
            decode: |bytes| decode::<$message>($proto_name, bytes),
        }),*];

        $(impl Model for $message {
            const PREFIX: &'static str = $prefix;

            fn name(&self) -> String {
                let name: fn(&Self) -> String = $name;
                names::clean(name(self))
            }

            fn wire(&self) -> Wire {
                Wire { name: $proto_name, bytes: self.encode_to_vec() }
            }
        })*
    };
}

models! {
    vpp::interfaces::Interface = "ligato.vpp.interfaces.Interface" {
        spec: "config" "vpp" "v2" "interfaces", prefix: "config/vpp/v2/interfaces/",
        document: "interfaces" "interfaces", key: "{name}",
        template: "{{.Name}}",
        name: |value| value.name.clone(),
    }
    vpp::interfaces::Span = "ligato.vpp.interfaces.Span" {
        spec: "config" "vpp" "v2" "span", prefix: "config/vpp/v2/span/",
        document: "spans" "spans", key: "{interface_from}/to/{interface_to}",
        template: "{{.InterfaceFrom}}/to/{{.InterfaceTo}}",
        name: names::span,
    }
    vpp::acl::Acl = "ligato.vpp.acl.ACL" {
        spec: "config" "vpp.acls" "v2" "acl", prefix: "config/vpp/acls/v2/acl/",
        document: "acls" "acls", key: "{name}",
        template: "{{.Name}}",
        name: |value| value.name.clone(),
    }
    vpp::abf::Abf = "ligato.vpp.abf.ABF" {
        spec: "config" "vpp.abfs" "v2" "abf", prefix: "config/vpp/abfs/v2/abf/",
        document: "abfs" "abfs", key: "{index}",
        template: "{{.Index}}",
        name: |value| value.index.to_string(),
    }
    vpp::ipsec::SecurityPolicyDatabase = "ligato.vpp.ipsec.SecurityPolicyDatabase" {
        spec: "config" "vpp.ipsec" "v2" "spd", prefix: "config/vpp/ipsec/v2/spd/",
        document: "ipsec_spds" "ipsecSpds", key: "{index}",
        template: "{{.Index}}",
        name: |value| value.index.to_string(),
    }
    vpp::ipsec::SecurityPolicy = "ligato.vpp.ipsec.SecurityPolicy" {
        spec: "config" "vpp.ipsec" "v2" "sp", prefix: "config/vpp/ipsec/v2/sp/",
        document: "ipsec_sps" "ipsecSps", key: "spd/{spd_index}/sa/{sa_index}/{outbound|inbound}/local-addresses/{local_addr_start}-{local_addr_stop}/remote-addresses/{remote_addr_start}-{remote_addr_stop}",
        template: "spd/{{.SpdIndex}}/sa/{{.SaIndex}}/{{if .IsOutbound}}outbound/{{else}}inbound/{{end}}local-addresses/{{.LocalAddrStart}}-{{.LocalAddrStop}}/remote-addresses/{{.RemoteAddrStart}}-{{.RemoteAddrStop}}",
        name: names::ipsec_sp,
    }
    vpp::ipsec::SecurityAssociation = "ligato.vpp.ipsec.SecurityAssociation" {
        spec: "config" "vpp.ipsec" "v2" "sa", prefix: "config/vpp/ipsec/v2/sa/",
        document: "ipsec_sas" "ipsecSas", key: "{index}",
        template: "{{.Index}}",
        name: |value| value.index.to_string(),
    }
    vpp::ipsec::TunnelProtection = "ligato.vpp.ipsec.TunnelProtection" {
        spec: "config" "vpp.ipsec" "v2" "tun-protect", prefix: "config/vpp/ipsec/v2/tun-protect/",
        document: "ipsec_tunnel_protections" "ipsecTunnelProtections", key: "{interface}[/nh/{next_hop_addr}]",
        template: "{{.Interface}}{{if .NextHopAddr}}/nh/{{.NextHopAddr}}{{end}}",
        name: names::tunnel_protection,
    }
    vpp::ipfix::Ipfix = "ligato.vpp.ipfix.IPFIX" {
        spec: "config" "vpp.ipfix" "v2" "ipfix", prefix: "config/vpp/ipfix/v2/ipfix",
        document: "ipfix_global" "ipfixGlobal", key: "",
        template: "",
        name: names::singleton,
    }
    vpp::ipfix::FlowProbeParams = "ligato.vpp.ipfix.FlowProbeParams" {
        spec: "config" "vpp.ipfix" "v2" "flowprobe-params", prefix: "config/vpp/ipfix/v2/flowprobe-params",
        document: "ipfix_flowprobe_params" "ipfixFlowprobeParams", key: "",
        template: "",
        name: names::singleton,
    }
    vpp::ipfix::FlowProbeFeature = "ligato.vpp.ipfix.FlowProbeFeature" {
        spec: "config" "vpp.ipfix" "v2" "flowprobe-feature", prefix: "config/vpp/ipfix/v2/flowprobe-feature/",
        document: "ipfix_flowprobes" "ipfixFlowprobes", key: "{interface}",
        template: "{{.Interface}}",
        name: |value| value.interface.clone(),
    }
    vpp::l2::BridgeDomain = "ligato.vpp.l2.BridgeDomain" {
        spec: "config" "vpp.l2" "v2" "bridge-domain", prefix: "config/vpp/l2/v2/bridge-domain/",
        document: "bridge_domains" "bridgeDomains", key: "{name}",
        template: "{{.Name}}",
        name: |value| value.name.clone(),
    }
    vpp::l2::FibEntry = "ligato.vpp.l2.FIBEntry" {
        spec: "config" "vpp.l2" "v2" "fib", prefix: "config/vpp/l2/v2/fib/",
        document: "fibs" "fibs", key: "{bridge_domain}/mac/{phys_address}",
        template: "{{.BridgeDomain}}/mac/{{.PhysAddress}}",
        name: names::fib,
    }
    vpp::l2::XConnectPair = "ligato.vpp.l2.XConnectPair" {
        spec: "config" "vpp.l2" "v2" "xconnect", prefix: "config/vpp/l2/v2/xconnect/",
        document: "xconnect_pairs" "xconnectPairs", key: "{receive_interface}",
        template: "{{.ReceiveInterface}}",
        name: |value| value.receive_interface.clone(),
    }
    vpp::l3::ArpEntry = "ligato.vpp.l3.ARPEntry" {
        spec: "config" "vpp" "v2" "arp", prefix: "config/vpp/v2/arp/",
        document: "arps" "arps", key: "{interface}/{ip_address}",
        template: "{{.Interface}}/{{.IpAddress}}",
        name: names::arp,
    }
    vpp::l3::Route = "ligato.vpp.l3.Route" {
        spec: "config" "vpp" "v2" "route", prefix: "config/vpp/v2/route/",
        document: "routes" "routes", key: "[if/{outgoing_interface}/]vrf/{vrf_id}/dst/{dst_network}[/gw/{next_hop_addr}]",
        template: r#"{{if .OutgoingInterface}}{{printf "if/%s/" .OutgoingInterface}}{{end}}vrf/{{.VrfId}}/{{with ipnet .DstNetwork}}{{printf "dst/%s/%d/" .IP .MaskSize}}{{else}}{{printf "dst/%s/" .DstNetwork}}{{end}}{{if .NextHopAddr}}gw/{{.NextHopAddr}}{{end}}"#,
        name: names::route,
    }
    vpp::l3::ProxyArp = "ligato.vpp.l3.ProxyARP" {
        spec: "config" "vpp" "v2" "proxyarp-global", prefix: "config/vpp/v2/proxyarp-global",
        document: "proxy_arp" "proxyArp", key: "",
        template: "",
        name: names::singleton,
    }
    vpp::l3::IpScanNeighbor = "ligato.vpp.l3.IPScanNeighbor" {
        spec: "config" "vpp" "v2" "ipscanneigh-global", prefix: "config/vpp/v2/ipscanneigh-global",
        document: "ipscan_neighbor" "ipscanNeighbor", key: "",
        template: "",
        name: names::singleton,
    }
    vpp::l3::VrfTable = "ligato.vpp.l3.VrfTable" {
        spec: "config" "vpp" "v2" "vrf-table", prefix: "config/vpp/v2/vrf-table/",
        document: "vrfs" "vrfs", key: "id/{id}/protocol/{protocol}",
        template: "id/{{.Id}}/protocol/{{.Protocol}}",
        name: names::vrf,
    }
    vpp::l3::DhcpProxy = "ligato.vpp.l3.DHCPProxy" {
        spec: "config" "vpp" "v2" "dhcp-proxy", prefix: "config/vpp/v2/dhcp-proxy/",
        document: "dhcp_proxies" "dhcpProxies", key: "{family}/rx-vrf/{rx_vrf_id}",
        template: "{{ protoip .SourceIpAddress}}/rx-vrf/{{.RxVrfId}}",
        name: names::dhcp_proxy,
    }
    vpp::l3::L3xConnect = "ligato.vpp.l3.L3XConnect" {
        spec: "config" "vpp" "v2" "l3xconnect", prefix: "config/vpp/v2/l3xconnect/",
        document: "l3xconnects" "l3xconnects", key: "{interface}/protocol/{protocol}",
        template: "{{.Interface}}/protocol/{{.Protocol}}",
        name: names::l3xconnect,
    }
    vpp::l3::TeibEntry = "ligato.vpp.l3.TeibEntry" {
        spec: "config" "vpp" "v2" "teib", prefix: "config/vpp/v2/teib/",
        document: "teib_entries" "teibEntries", key: "{interface}/peer/{peer_addr}",
        template: "{{.Interface}}/peer/{{.PeerAddr}}",
        name: names::teib,
    }
    vpp::nat::Nat44Global = "ligato.vpp.nat.Nat44Global" {
        spec: "config" "vpp.nat" "v2" "nat44-global", prefix: "config/vpp/nat/v2/nat44-global",
        document: "nat44_global" "nat44Global", key: "",
        template: "",
        name: names::singleton,
    }
    vpp::nat::DNat44 = "ligato.vpp.nat.DNat44" {
        spec: "config" "vpp.nat" "v2" "dnat44", prefix: "config/vpp/nat/v2/dnat44/",
        document: "dnat44s" "dnat44s", key: "{label}",
        template: "{{.Label}}",
        name: |value| value.label.clone(),
    }
    vpp::nat::Nat44Interface = "ligato.vpp.nat.Nat44Interface" {
        spec: "config" "vpp.nat" "v2" "nat44-interface", prefix: "config/vpp/nat/v2/nat44-interface/",
        document: "nat44_interfaces" "nat44Interfaces", key: "{name}",
        template: "{{.Name}}",
        name: |value| value.name.clone(),
    }
    vpp::nat::Nat44AddressPool = "ligato.vpp.nat.Nat44AddressPool" {
        spec: "config" "vpp.nat" "v2" "nat44-pool", prefix: "config/vpp/nat/v2/nat44-pool/",
        document: "nat44_pools" "nat44Pools", key: "{name} or vrf/{vrf_id}/address/{first_ip}[-{last_ip}]",
        template: "{{if .Name}}{{.Name}}{{else}}vrf/{{.VrfId}}/address/{{.FirstIp}}{{if and .LastIp (ne .FirstIp .LastIp)}}-{{.LastIp}}{{end}}{{end}}",
        name: names::nat44_pool,
    }
    vpp::punt::IpRedirect = "ligato.vpp.punt.IPRedirect" {
        spec: "config" "vpp" "v2" "ipredirect", prefix: "config/vpp/v2/ipredirect/",
        document: "punt_ipredirects" "puntIpredirects", key: "l3/{l3_protocol}/tx/{tx_interface}",
        template: "l3/{{.L3Protocol}}/tx/{{.TxInterface}}",
        name: names::ip_redirect,
    }
    vpp::punt::ToHost = "ligato.vpp.punt.ToHost" {
        spec: "config" "vpp" "v2" "tohost", prefix: "config/vpp/v2/tohost/",
        document: "punt_tohosts" "puntTohosts", key: "l3/{l3_protocol}/l4/{l4_protocol}/port/{port}",
        template: "l3/{{.L3Protocol}}/l4/{{.L4Protocol}}/port/{{.Port}}",
        name: names::to_host,
    }
    vpp::punt::Exception = "ligato.vpp.punt.Exception" {
        spec: "config" "vpp" "v2" "exception", prefix: "config/vpp/v2/exception/",
        document: "punt_exceptions" "puntExceptions", key: "reason/{reason}",
        template: "reason/{{.Reason}}",
        name: names::punt_exception,
    }
    vpp::srv6::LocalSid = "ligato.vpp.srv6.LocalSID" {
        spec: "config" "vpp.srv6" "v2" "localsid", prefix: "config/vpp/srv6/v2/localsid/",
        document: "srv6_localsids" "srv6Localsids", key: "{sid}",
        template: "{{.Sid}}",
        name: |value| value.sid.clone(),
    }
    vpp::srv6::Policy = "ligato.vpp.srv6.Policy" {
        spec: "config" "vpp.srv6" "v2" "policy", prefix: "config/vpp/srv6/v2/policy/",
        document: "srv6_policies" "srv6Policies", key: "{bsid}",
        template: "{{.Bsid}}",
        name: |value| value.bsid.clone(),
    }
    vpp::srv6::Steering = "ligato.vpp.srv6.Steering" {
        spec: "config" "vpp.srv6" "v2" "steering", prefix: "config/vpp/srv6/v2/steering/",
        document: "srv6_steerings" "srv6Steerings", key: "{name}",
        template: "{{.Name}}",
        name: |value| value.name.clone(),
    }
    vpp::srv6::SRv6Global = "ligato.vpp.srv6.SRv6Global" {
        spec: "config" "vpp.srv6" "v2" "srv6-global", prefix: "config/vpp/srv6/v2/srv6-global",
        document: "srv6_global" "srv6Global", key: "",
        template: "",
        name: names::singleton,
    }
    vpp::nat::Nat44VrfTable = "ligato.vpp.nat.Nat44VrfTable" {
        spec: "config" "vpp.nat" "v2" "nat44-vrf", prefix: "config/vpp/nat/v2/nat44-vrf/",
        document: "Nat44VrfTable_list" "Nat44VrfTable_list", key: "vrfid/{src_vrf_id}",
        template: "vrfid/{{.SrcVrfId}}",
        name: names::nat44_vrf,
    }
    vpp::nat::Nat44VrfRoute = "ligato.vpp.nat.Nat44VrfRoute" {
        spec: "config" "vpp.nat" "v2" "nat44-vrf-route", prefix: "config/vpp/nat/v2/nat44-vrf-route/",
        document: "Nat44VrfRoute_list" "Nat44VrfRoute_list", key: "vrfid/{src_vrf_id}/destvrfid/{dest_vrf_id}",
        template: "vrfid/{{.SrcVrfId}}/destvrfid/{{.DestVrfId}}",
        name: names::nat44_vrf_route,
    }
    vpp::l3::VrrpEntry = "ligato.vpp.l3.VRRPEntry" {
        spec: "config" "vpp" "v2" "vrrp", prefix: "config/vpp/v2/vrrp/",
        document: "VRRPEntry_list" "VRRPEntry_list", key: "{interface}/vrid/{vr_id}",
        template: "{{.Interface}}/vrid/{{.VrId}}",
        name: names::vrrp,
    }
    vpp::stn::Rule = "ligato.vpp.stn.Rule" {
        spec: "config" "vpp.stn" "v2" "rule", prefix: "config/vpp/stn/v2/rule/",
        document: "Rule_list" "Rule_list", key: "{interface}/ip/{ip_address}",
        template: "{{.Interface}}/ip/{{.IpAddress}}",
        name: names::stn_rule,
    }
    vpp::wireguard::Peer = "ligato.vpp.wireguard.Peer" {
        spec: "config" "vpp.wg" "v1" "peer", prefix: "config/vpp/wg/v1/peer/",
        document: "Peer_list" "Peer_list", key: "{wg_if_name}/endpoint/{endpoint}/{port}",
        template: "{{.WgIfName}}/endpoint/{{.Endpoint}}/{{.Port}}",
        name: names::wireguard_peer,
    }
    vpp::dns::DnsCache = "ligato.vpp.dns.DNSCache" {
        spec: "config" "vpp.dns" "v1" "dnscache", prefix: "config/vpp/dns/v1/dnscache",
        document: "DNSCache" "DNSCache", key: "",
        template: "",
        name: names::singleton,
    }
    linux::interfaces::Interface = "ligato.linux.interfaces.Interface" {
        spec: "config" "linux.interfaces" "v2" "interface", prefix: "config/linux/interfaces/v2/interface/",
        document: "interfaces" "interfaces", key: "{name}",
        template: "{{.Name}}",
        name: |value| value.name.clone(),
    }
    linux::l3::ArpEntry = "ligato.linux.l3.ARPEntry" {
        spec: "config" "linux.l3" "v2" "arp", prefix: "config/linux/l3/v2/arp/",
        document: "arp_entries" "arpEntries", key: "{interface}/{ip_address}",
        template: "{{.Interface}}/{{.IpAddress}}",
        name: names::linux_arp,
    }
    linux::l3::Route = "ligato.linux.l3.Route" {
        spec: "config" "linux.l3" "v2" "route", prefix: "config/linux/l3/v2/route/",
        document: "routes" "routes", key: "{dst_network}/{outgoing_interface}",
        template: r#"{{with ipnet .DstNetwork}}{{printf "%s/%d" .IP .MaskSize}}{{else}}{{.DstNetwork}}{{end}}/{{.OutgoingInterface}}"#,
        name: names::linux_route,
    }
    linux::iptables::RuleChain = "ligato.linux.iptables.RuleChain" {
        spec: "config" "linux.iptables" "v2" "rulechain", prefix: "config/linux/iptables/v2/rulechain/",
        document: "RuleChain" "RuleChain", key: "{name}",
        template: "{{.Name}}",
        name: |value| value.name.clone(),
    }
    netalloc::IpAllocation = "ligato.netalloc.IPAllocation" {
        spec: "config" "netalloc" "v1" "ip", prefix: "config/netalloc/v1/ip/",
        document: "ip_addresses" "ipAddresses", key: "network/{network_name}/interface/{interface_name}",
        template: "network/{{.NetworkName}}/interface/{{.InterfaceName}}",
        name: names::ip_allocation,
    }
    govppmux::Metrics = "ligato.govppmux.Metrics" {
        spec: "metrics" "govppmux" "v0" "stats", prefix: "metrics/govppmux/v0/stats",
        document: "" "", key: "",
        template: "",
        name: names::singleton,
    }
}
