//! Stories: scripts against the whole agent, with recorded answers.
//!
//! A story is a text file `<area>/<object>.txt`. Lines that start with `#` are prose, lines that start with `> ` are
//! commands (see `commands.rs`), and the lines below a command are what it has to answer. `BLESS=1` writes the answers
//! of now into the files; read the difference before it is committed.
//!
//! The agent of a story talks to a VPP of its own: the simulated one, or the real one that the environment names (see
//! `testkit::target`). The answers are the same for both, so they show nothing that VPP chooses. A story whose first
//! line says `# simulator only` is left out on a real VPP, one with `# without dummies` or `# without VRFs` on a kernel
//! that has them; the laws of Linux look at those.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that panics has failed, as it should

mod client;
mod commands;
mod containers;
mod etcd;
mod script;
mod show;
mod world;

use script::{Script, folder};
use std::path::Path;
use world::World;

/// One test per story, so that each can be asked for by name, and a list of them.
macro_rules! stories {
    ($list:ident: $($area:ident { $($story:ident)* })*) => {
        $(mod $area {
            $(#[test]
            fn $story() {
                crate::run(concat!(stringify!($area), "/", stringify!($story)));
            })*
        })*
        /// For the tests that none is forgotten.
        pub const $list: &[&str] = &[$($(concat!(stringify!($area), "/", stringify!($story))),*),*];
    };
}

stories! {
    STORIES:
    interface { loopback memif sub afpacket tap bond dpdk vmxnet3 rdma vxlan vxlan_gpe gre ipip gtpu ipsec wireguard vrf address unnumbered dhcp ip6nd rx span link_state enabled mtu }
    l3 { vrf route neighbour teib l3xc vrrp same_subnets dhcp_proxy ip_scan proxy_arp }
    l2 { bridge_domain bd_member bd_arp fib xconnect vlan }
    netalloc { references }
    acl { list binding two_ports }
    agent { main_job sources bad_input foreign faults capabilities releases vpp_itself agentctl }
    explaining { why_pending why_failed plan history }
    examples { documents }
}

/// Those that need network namespaces.
mod in_netns {
    stories! {
        STORIES:
        linux { veth tap loopback existing dummy afpacket address route neighbour namespace microservice rights iptables allocated vrf }
        containers { tap link_only_tap afpacket span bridge_domain routes allocated vpp_routes vrfs acls }
    }
}

fn all() -> Vec<&'static str> {
    STORIES.iter().chain(in_netns::STORIES).copied().collect()
}

#[test]
fn every_file_is_a_story() {
    let mut files = Vec::new();
    for area in
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        let names = std::fs::read_dir(&area).unwrap().map(|entry| entry.unwrap().path());
        files.extend(names.map(|path| name_of(&path)));
    }
    files.sort();
    let mut listed = all();
    listed.sort_unstable();
    assert_eq!(files, listed, "the files and the list in main.rs differ");
}

#[test]
fn every_example_is_applied_by_a_story() {
    let stories = all().into_iter();
    let stories = stories.map(|name| std::fs::read_to_string(folder().join(name).with_extension("txt")));
    let told: String = stories.map(Result::unwrap).collect();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for file in std::fs::read_dir(examples).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        assert!(told.contains(&format!("> apply {file}\n")), "no story applies {file}");
    }
}

fn name_of(path: &Path) -> String {
    let name = path.strip_prefix(folder()).unwrap().with_extension("");
    name.to_str().unwrap().to_owned()
}

/// Runs one story; panics with what differs.
fn run(name: &str) {
    let path = folder().join(name).with_extension("txt");
    let mut script = Script::read(&path);
    let mut world = World::new();
    if script.simulator_only() && world.vpp.is_real() {
        eprintln!("{name} is left out: it breaks what only a simulated VPP lets one break");
        return;
    }
    if let Some(words) = script.without().filter(|words| testkit::netns::Netns::new().makes(words)) {
        eprintln!("{name} is left out: this kernel has interfaces of type {words}");
        return;
    }
    let bless = std::env::var_os("BLESS").is_some_and(|value| !value.is_empty());
    let mut differences = String::new();
    let mut so_far = String::new();
    for command in script.commands() {
        let answer = commands::run(&mut world, &command.text);
        let answer = answer.unwrap_or_else(|error| panic!("{so_far}\n{name}.txt:{}: {error}", command.line));
        so_far += &format!("> {}\n{}\n", command.text, answer.join("\n"));
        if bless {
            command.answer = answer;
        } else if command.answer != answer {
            differences += &command.difference(name, &answer);
        }
    }
    if bless {
        script.write(&path);
    }
    assert!(
        differences.is_empty(),
        "the story goes otherwise than it was written down\n{differences}\
         If this is right: cargo xtask bless {}\n",
        name.replace('/', "::")
    );
}
