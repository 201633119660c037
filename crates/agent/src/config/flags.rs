//! Flags and their environment variables, as Go programs take them: one dash or two, `-name value` or `-name=value`.

use std::collections::HashMap;
use std::path::PathBuf;

/// Shown for `--help`.
pub const USAGE: &str = "\
The management agent of a VPP.

usage: vpp-agent [FLAGS]           run the agent
       vpp-agent demo [--once]     show the agent on a simulated VPP

  --config-dir DIR           where configuration files are looked for (CONFIG_DIR; .)
  --microservice-label NAME  the agent's name in stores (MICROSERVICE_LABEL; vpp1)
  --http-port PORT           port of REST unless http.conf says otherwise (HTTP_PORT; 9191)
  --state-dir DIR            where configuration from gRPC and REST is kept (STATE_DIR; /var/lib/vpp-agent)
  --COMPONENT-config FILE    configuration file of etcd, govpp, grpc, http, initfileregistry, kvscheduler,
                             linux-ifplugin, linux-iptablesplugin, linux-l3plugin, linux-nsplugin,
                             telemetry or vpp-ifplugin
                             (COMPONENT_CONFIG; COMPONENT.conf in the configuration directory)
  --once                     demo: exit when VPP is configured, with 0, or with 1 if that did not work
  -V, --version              show the version
  -h, --help                 show this

INITIAL_LOGLVL sets the level of the log: error, warn, info, debug, trace.
ETCD_ENDPOINTS names etcd's addresses, with commas between, if etcd.conf does not.
KVSCHED_VERIFY_MODE, if set, has what was done looked at after each transaction, and reported if it is not there.
ENABLE_STATUS_PUBLISHING, if set, has the state of every value written to etcd, below config-status/.
VPP_STATUS_PUBLISHERS names stores, with commas between, that the states of interfaces are written to.
DOCKER_HOST names the socket of the container engine, DOCKER_API_VERSION the version of its API,
if linux-nsplugin.conf does not.
DISABLE_STATUS_PUBLISHING, if set, has them written nowhere; DISABLE_INTERFACE_STATS leaves counters out of them.
";

/// Components that have a configuration file here.
const COMPONENTS: [&str; 12] = [
    "etcd",
    "govpp",
    "grpc",
    "http",
    "initfileregistry",
    "kvscheduler",
    "linux-ifplugin",
    "linux-iptablesplugin",
    "linux-l3plugin",
    "linux-nsplugin",
    "telemetry",
    "vpp-ifplugin",
];

/// Components of the reference whose files are not read here.
const ELSEWHERE: [&str; 11] = [
    "aggregator",
    "configurator",
    "consul",
    "kafka",
    "logs",
    "msgsync",
    "orchestrator",
    "redis",
    "restpapi",
    "vpp-aclplugin",
    "vpp-ipfixplugin",
];

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Run the agent.
    Run,
    /// Show the agent on a simulated VPP.
    Demo {
        /// Exit after convergence.
        once: bool,
    },
    /// Show the version.
    Version,
    /// Show the usage.
    Help,
}

/// The command line and the environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Flags {
    /// What to do.
    pub command: Command,
    /// Where configuration files are looked for.
    pub config_dir: PathBuf,
    /// The agent's name in stores.
    pub label: String,
    /// Port of REST.
    pub http_port: u16,
    /// Where configuration from gRPC and REST is kept.
    pub state_dir: PathBuf,
    /// Configuration files that were named, by component.
    pub config_files: HashMap<String, PathBuf>,
    /// Addresses of etcd, for when its file names none.
    pub etcd_endpoints: Vec<String>,
    /// Replace variables in values from etcd, whatever its file says.
    pub etcd_expand: bool,
    /// Publish the states of all values in stores.
    pub publish_statuses: bool,
    /// Look after each transaction whether what was done is there.
    pub verify: bool,
    /// What the environment says about the states of interfaces.
    pub interfaces: InterfaceFlags,
    /// The address of the container engine, for when its file names none.
    pub docker_host: Option<String>,
    /// The version of its API.
    pub docker_api_version: Option<String>,
    /// What has no effect here.
    pub warnings: Vec<String>,
}

/// What the environment says about the states of interfaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InterfaceFlags {
    /// Stores that they are to be written to, besides those that the file names.
    pub publishers: Vec<String>,
    /// Do not write them.
    pub no_publishing: bool,
    /// Leave counters out.
    pub no_counters: bool,
}

/// A command line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    /// A flag nobody knows.
    #[error("unknown flag {0:?}; vpp-agent --help lists all")]
    Unknown(String),
    /// A flag without its value.
    #[error("the flag --{0} needs a value")]
    NoValue(String),
    /// A value that does not fit.
    #[error("{name} is {value:?}, which is no {wanted}")]
    Value {
        /// The flag or variable.
        name: String,
        /// What it says.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
}

impl Flags {
    /// Reads arguments (without the program's name) and environment.
    ///
    /// # Errors
    /// See [`FlagError`].
    pub fn parse(
        args: impl IntoIterator<Item = String>,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Flags, FlagError> {
        let (mut given, mut command, mut once) = (HashMap::new(), Command::Run, false);
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            let Some(name) = arg.strip_prefix("--").or_else(|| arg.strip_prefix('-')) else {
                match arg.as_str() {
                    "demo" => command = Command::Demo { once: false },
                    _ => return Err(FlagError::Unknown(arg)),
                }
                continue;
            };
            match name {
                "h" | "help" => command = Command::Help,
                "V" | "version" => command = Command::Version,
                "once" => once = true,
                _ => {
                    let (name, value) = match name.split_once('=') {
                        Some((name, value)) => (name, Some(value.to_owned())),
                        None => (name, None),
                    };
                    if !is_flag(name) {
                        return Err(FlagError::Unknown(arg));
                    }
                    let value = value.or_else(|| args.next());
                    given.insert(name.to_owned(), value.ok_or_else(|| FlagError::NoValue(name.to_owned()))?);
                }
            }
        }
        match &mut command {
            Command::Demo { once: wanted } => *wanted = once,
            _ if once => return Err(FlagError::Unknown("--once".to_owned())),
            _ => {}
        }
        let variable = |flag: &str| flag.to_uppercase().replace('-', "_");
        let setting = |flag: &str| {
            let from_env = || env(&variable(flag)).filter(|value| !value.is_empty());
            given.get(flag).cloned().or_else(from_env)
        };
        let files = COMPONENTS.iter().filter_map(|component| {
            Some(((*component).to_owned(), setting(&format!("{component}-config"))?.into()))
        });
        let ignored = ELSEWHERE.iter().filter(|component| given.contains_key(&format!("{component}-config")));
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let endpoints = set("ETCD_ENDPOINTS").or_else(|| set("ETCDV3_ENDPOINTS")).unwrap_or_default();
        let http_port = setting("http-port").unwrap_or_else(|| "9191".to_owned());
        Ok(Flags {
            command,
            config_dir: setting("config-dir").map_or_else(|| ".".into(), Into::into),
            label: setting("microservice-label").unwrap_or_else(|| "vpp1".to_owned()),
            http_port: http_port.parse().map_err(|_| FlagError::Value {
                name: "--http-port".to_owned(),
                value: http_port,
                wanted: "port from 0 to 65535",
            })?,
            state_dir: setting("state-dir").map_or_else(|| "/var/lib/vpp-agent".into(), Into::into),
            config_files: files.collect(),
            etcd_endpoints: listed(&endpoints),
            etcd_expand: set("ETCD_EXPAND_ENV_VARS").is_some(),
            publish_statuses: set("ENABLE_STATUS_PUBLISHING").is_some(),
            verify: set("KVSCHED_VERIFY_MODE").is_some(),
            interfaces: InterfaceFlags {
                publishers: listed(&set("VPP_STATUS_PUBLISHERS").unwrap_or_default()),
                no_publishing: set("DISABLE_STATUS_PUBLISHING").is_some(),
                no_counters: set("DISABLE_INTERFACE_STATS").is_some(),
            },
            docker_host: set("DOCKER_HOST"),
            docker_api_version: set("DOCKER_API_VERSION"),
            warnings: ignored
                .map(|component| format!("--{component}-config has no effect: this agent reads no such file"))
                .collect(),
        })
    }
}

/// What stands between commas.
fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn is_flag(name: &str) -> bool {
    let component = name.strip_suffix("-config");
    matches!(name, "config-dir" | "microservice-label" | "http-port" | "grpc-port" | "state-dir")
        || component.is_some_and(|c| COMPONENTS.contains(&c) || ELSEWHERE.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str], env: &[(&str, &str)]) -> Result<Flags, FlagError> {
        let find = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        Flags::parse(args.iter().map(|arg| (*arg).to_owned()), find)
    }

    #[test]
    fn one_dash_or_two_and_a_flag_beats_its_variable() {
        let env = [("MICROSERVICE_LABEL", "from-env"), ("ETCD_CONFIG", "/e.conf"), ("HTTP_PORT", "1234")];
        let flags = parse(&["-microservice-label=a", "--config-dir", "/etc/x"], &env).unwrap();
        assert_eq!((flags.label.as_str(), flags.http_port), ("a", 1234));
        assert_eq!(flags.config_dir, PathBuf::from("/etc/x"));
        assert_eq!(flags.config_files["etcd"], PathBuf::from("/e.conf"));
        assert_eq!(parse(&[], &env).unwrap().label, "from-env");
        assert_eq!(parse(&[], &[]).unwrap().label, "vpp1");
    }

    #[test]
    fn addresses_of_etcd_come_from_the_environment() {
        let flags = parse(&[], &[("ETCD_ENDPOINTS", "a:1, b:2")]).unwrap();
        assert_eq!(flags.etcd_endpoints, ["a:1", "b:2"]);
        assert!(parse(&[], &[("ETCD_ENDPOINTS", "")]).unwrap().etcd_endpoints.is_empty());
    }

    #[test]
    fn commands() {
        assert_eq!(parse(&["demo", "--once"], &[]).unwrap().command, Command::Demo { once: true });
        assert_eq!(parse(&["demo"], &[]).unwrap().command, Command::Demo { once: false });
        assert_eq!(parse(&["-V"], &[]).unwrap().command, Command::Version);
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(parse(&["--kafka-conf", "x"], &[]), Err(FlagError::Unknown("--kafka-conf".into())));
        assert_eq!(parse(&["--once"], &[]), Err(FlagError::Unknown("--once".into())));
        assert_eq!(parse(&["-config-dir"], &[]), Err(FlagError::NoValue("config-dir".into())));
        let error = parse(&["--http-port", "x"], &[]).unwrap_err().to_string();
        assert_eq!(error, "--http-port is \"x\", which is no port from 0 to 65535");
        assert_eq!(parse(&["--kafka-config", "x"], &[]).unwrap().warnings.len(), 1);
    }
}
