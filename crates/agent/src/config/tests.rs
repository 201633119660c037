//! What is written in files arrives where it has an effect.

use super::*;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A directory with configuration files that goes with the test.
struct Dir(PathBuf);

impl Dir {
    fn with(files: &[(&str, &str)]) -> Dir {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("agent-config-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        files.iter().for_each(|(file, text)| std::fs::write(path.join(file), text).unwrap());
        Dir(path)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0); // a leftover bothers nobody
    }
}

fn load(files: &[(&str, &str)], env: &[(&str, &str)]) -> Result<(Settings, Vec<String>), String> {
    let dir = Dir::with(files);
    let find = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
    let flags = Flags::parse(["--config-dir".to_owned(), dir.0.display().to_string()], find).unwrap();
    Settings::load(&flags).map_err(|error| error.to_string())
}

fn scheduler(text: &str) -> sched::Config {
    let (settings, warnings) = load(&[("kvscheduler.conf", text)], &[]).unwrap();
    assert_eq!(warnings, [""; 0], "{text}");
    settings.kvscheduler.config()
}

/// What the loader says of a file that it refuses.
fn refused(text: &str) -> String {
    let error = load(&[("kvscheduler.conf", text)], &[]).unwrap_err();
    error.split_once("kvscheduler.conf\" cannot be used: ").unwrap().1.to_owned()
}

#[test]
fn without_a_file_the_scheduler_works_as_it_does_by_itself() {
    let (given, own) = (scheduler(""), sched::Config::default());
    assert_eq!((given.queue, given.in_flight), (own.queue, own.in_flight));
    assert_eq!((given.deadline, given.simulate), (own.deadline, own.simulate));
    assert_eq!((given.record, given.history_bytes), (own.record, own.history_bytes));
    assert_eq!(given.timeline_bytes, own.timeline_bytes);
    assert_eq!((given.history_age, given.history_keep_first), (own.history_age, own.history_keep_first));
    assert_eq!(given.drift, own.drift);
    assert!(!given.remove_foreign);
}

#[test]
fn what_the_scheduler_is_told() {
    let config = scheduler("queue: 7\nin-flight: 1\noperation-timeout: 250ms\nforeign-objects: remove\n");
    assert_eq!((config.queue, config.in_flight, config.remove_foreign), (7, 1, true));
    assert_eq!(config.deadline, Duration::from_millis(250));
    let config = scheduler("enable-txn-simulation: true\nhistory-bytes: 1000\ntimeline-bytes: 2000\n");
    assert_eq!((config.simulate, config.history_bytes, config.timeline_bytes), (true, 1000, 2000));
    assert!(!scheduler("record-transaction-history: false").record);
    let config = scheduler("transaction-history-age-limit: 5\npermanently-recorded-init-period: 2\n");
    assert_eq!(config.history_age, Duration::from_secs(300));
    assert_eq!(config.history_keep_first, Duration::from_secs(120));
    assert!(scheduler("").summary, "as the reference");
    assert!(!scheduler("print-txn-summary: false").summary);
    let text = "compare-interval: 30s\ndrift-default: report\ndrift-skip: [vpp-route]\ndrift:\n\
                - {prefix: config/vpp/l2/, action: repair}\n- {prefix: config/vpp/, action: ignore}\n";
    let drift = scheduler(text).drift;
    assert_eq!((drift.interval, drift.default), (Duration::from_secs(30), sched::DriftAction::Report));
    let l2 = ("config/vpp/l2/".to_owned(), sched::DriftAction::Repair);
    assert_eq!(drift.rules, [l2, ("config/vpp/".to_owned(), sched::DriftAction::Ignore)]);
    assert_eq!(drift.skip, ["vpp-route"]);
}

#[test]
fn rules_that_fit_no_key_are_told() {
    let known = [("vpp-route", "config/vpp/v2/route/"), ("vpp-interface", "config/vpp/v2/interfaces/")];
    let known = known.map(|(name, prefix)| sched::DescriptorInfo {
        name,
        prefix,
        derived: false,
        part_of: None,
        southbound: "VPP",
        uses: &[],
        variants: &[],
    });
    let text = "drift: [{prefix: config/, action: report}, {prefix: config/vpp/v2/route/if/, action: report}, \
        {prefix: config/vpp/v2/routes/, action: report}]";
    let (settings, _) = load(&[("kvscheduler.conf", text)], &[]).unwrap();
    let expected =
        "kvscheduler.conf: drift: no descriptor has keys that start with \"config/vpp/v2/routes/\"";
    assert_eq!(settings.kvscheduler.warnings(&known), [expected]);
    let error = refused("drift: [{prefix: config/, actoin: repair}]");
    assert!(error.starts_with("drift: ") && error.contains("actoin"), "{error}");
    let error = refused("drift: [{prefix: config/, action: repairs}]");
    assert!(error.starts_with("drift: ") && error.contains("`repair`, `report`, `ignore`"), "{error}");
    assert!(refused("drift-skip: vpp-route").starts_with("drift-skip: "));
}

#[test]
fn what_the_scheduler_cannot_be_told() {
    assert_eq!(refused("queue: 0"), "queue: must be at least 1");
    assert_eq!(refused("in-flight: 0"), "in-flight: must be at least 1");
    assert_eq!(refused("operation-timeout: 0"), "operation-timeout: must be longer than 0");
    assert!(refused("operation-timeout: soon").starts_with("operation-timeout: "));
    assert!(refused("transaction-history-age-limit: 1h").starts_with("transaction-history-age-limit: "));
    assert!(refused("drift-default: mend").starts_with("drift-default: "));
    assert!(refused("drift: [{prefix: a}]").starts_with("drift"));
    assert!(refused("queue: -1").starts_with("queue: "));
    assert!(refused("enable-txn-simulation: often").starts_with("enable-txn-simulation: "));
    let (_, warnings) = load(&[("kvscheduler.conf", "queues: 3")], &[]).unwrap();
    assert!(warnings[0].ends_with("\"queues\" is unknown and has no effect; did you mean \"queue\"?"));
}

#[test]
fn the_mtu_of_interfaces_fits_two_bytes() {
    let mtu = |text| load(&[("vpp-ifplugin.conf", text)], &[]).map(|(settings, _)| settings.interfaces.mtu);
    assert_eq!(mtu("mtu: 1400").unwrap(), 1400);
    assert_eq!(mtu("status-publishers: []").unwrap(), 0);
    let error = mtu("mtu: 65536").unwrap_err().to_string();
    assert!(error.ends_with("mtu: must be at most 65535 bytes"), "{error}");
}

#[test]
fn transactions_are_verified_if_the_environment_says_so() {
    let verify = |environment| load(&[], environment).unwrap().0.kvscheduler.config().verify;
    assert!(verify(&[("KVSCHED_VERIFY_MODE", "1")]));
    assert!(!verify(&[]));
}

#[test]
fn states_are_published_if_the_environment_says_so() {
    let publish = [("ENABLE_STATUS_PUBLISHING", "1")];
    let etcd = ("etcd.conf", "endpoints: [\"a:1\"]");
    assert!(load(&[etcd], &publish).unwrap().0.etcd.unwrap().publish_statuses);
    assert!(!load(&[etcd], &[]).unwrap().0.etcd.unwrap().publish_statuses);
    assert!(!load(&[etcd], &[("ENABLE_STATUS_PUBLISHING", "")]).unwrap().0.etcd.unwrap().publish_statuses);
    let (settings, warnings) = load(&[], &publish).unwrap();
    assert!(settings.etcd.is_none());
    assert!(warnings[0].starts_with("ENABLE_STATUS_PUBLISHING has no effect: there is no etcd.conf"));
    // The file cannot ask for it.
    let (settings, warnings) = load(&[("etcd.conf", "publish-statuses: true")], &[]).unwrap();
    assert!(!settings.etcd.unwrap().publish_statuses);
    assert!(warnings[0].contains("publish-statuses"), "{warnings:?}");
}

#[test]
fn all_settings_are_documented() {
    let text = include_str!("../../../../docs/settings.md");
    let files: [(&str, &[&str]); 9] = [
        ("kvscheduler.conf", fields_of::<Kvscheduler>()),
        ("govpp.conf", fields_of::<Govpp>()),
        ("etcd.conf", fields_of::<etcd::Config>()),
        ("grpc.conf", fields_of::<grpc::Config>()),
        ("http.conf", fields_of::<rest::Config>()),
        ("initfileregistry.conf", fields_of::<InitFile>()),
        ("linux-nsplugin.conf", fields_of::<Nsplugin>()),
        ("telemetry.conf", fields_of::<Telemetry>()),
        ("vpp-ifplugin.conf", fields_of::<Ifplugin>()),
    ];
    for (file, fields) in files {
        let (_, section) = text.split_once(&format!("## `{file}`")).unwrap();
        let section = section.split("\n## ").next().unwrap();
        // What stands in code in the first column.
        let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
        let mut listed: Vec<&str> = cells.flat_map(|cell| cell.split(['`', ',', ' '])).collect();
        listed.retain(|name| !name.is_empty());
        let mut fields = fields.to_vec();
        listed.sort_unstable();
        fields.sort_unstable();
        assert_eq!(listed, fields, "{file}");
    }
}
