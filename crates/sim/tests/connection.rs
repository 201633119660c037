//! The handshake, the message tables of the releases, and what VPP ignores.

mod common;

use binapi::codec::Message;
use binapi::memclnt::{ControlPing, SockclntDelete};
use binapi::memif::MemifCreate;
use binapi::release::{RELEASES, table};
use binapi::vpe::ShowVersion;
use common::{Client, eventually, socket, vpp};
use sim::{Error, Sim, SimConfig};

#[test]
fn every_release_serves_its_whole_table_and_its_version() {
    for release in RELEASES {
        let sim =
            Sim::spawn(socket(), SimConfig { release: (*release).into(), ..Default::default() }).unwrap();
        let mut client = Client::connect(sim.path());
        let mut got: Vec<&str> = client.table.keys().map(String::as_str).collect();
        let mut want: Vec<&str> = table(release).unwrap().iter().map(|(id, _)| *id).collect();
        got.sort_unstable();
        want.sort_unstable();
        assert_eq!(got, want, "{release}");
        assert_eq!(*client.ok(&ShowVersion {}).version, format!("{release}-release"));
    }
}

#[test]
fn a_plugin_that_is_not_loaded_has_no_messages() {
    let config = SimConfig { no_plugins: vec!["memif".into()], ..Default::default() };
    let sim = Sim::spawn(socket(), config).unwrap();
    let client = Client::connect(sim.path());
    assert!(!client.table.contains_key(MemifCreate::ID));
    assert!(client.table.contains_key(ControlPing::ID));
}

#[test]
fn what_cannot_be_started_says_why() {
    let spawn = |config| Sim::spawn(socket(), config).unwrap_err().to_string();
    let error = spawn(SimConfig { release: "22.10".into(), ..Default::default() });
    assert_eq!(
        error,
        "simulated VPP: no release 22.10; there are 23.06, 24.06, 24.10, 25.06, 25.10, 26.02, 26.06"
    );
    for plugin in ["memf", "memclnt"] {
        let error = spawn(SimConfig { no_plugins: vec![plugin.into()], ..Default::default() });
        assert!(error.contains(plugin) && error.contains("no plugin"), "{error}");
    }
    let (sim, _) = vpp();
    let taken = Sim::spawn(sim.path(), SimConfig::default()).unwrap_err();
    assert!(matches!(&taken, Error::Listen { path, .. } if path == sim.path()), "{taken}");
}

#[test]
fn a_stale_socket_is_replaced() {
    let path = socket();
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let sim = Sim::spawn(&path, SimConfig::default()).unwrap();
    Client::connect(&path).ok(&ControlPing {});
    sim.stop();
    assert!(!path.exists());
}

#[test]
fn requests_may_all_be_sent_before_the_first_answer_is_read() {
    let (_sim, mut client) = vpp();
    let contexts: Vec<u32> = (0..20_000).map(|_| client.send(&ControlPing {})).collect();
    for context in contexts {
        let answer = client.read_frame().unwrap();
        assert_eq!(answer[2..6], context.to_be_bytes());
    }
}

#[test]
fn frames_may_arrive_in_pieces() {
    use std::io::Write;
    let (sim, _) = vpp();
    let mut stream = std::os::unix::net::UnixStream::connect(sim.path()).unwrap();
    let mut hello = vec![0; 8];
    hello.extend([0, 0, 0, 70, 0, 0, 0, 0, 0, 15, 1, 2, 3, 4]);
    hello.extend([0; 64]);
    for byte in hello {
        stream.write_all(&[byte]).unwrap();
    }
    let mut answer = [0; 26];
    std::io::Read::read_exact(&mut stream, &mut answer).unwrap();
    assert_eq!(answer[16..18], [0, 16]);
    assert_eq!(answer[22..26], [1, 2, 3, 4]);
}

#[test]
fn what_vpp_ignores_is_ignored() {
    let (_sim, mut client) = vpp();
    client.write_frame(&[0xff, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0]);
    client.write_frame(&[0]);
    client.write_frame(&[]);
    let ping = client.id::<ControlPing>().to_be_bytes();
    let foreign_index = [ping[0], ping[1], 0xff, 0, 0, 1, 0, 0, 0, 9];
    client.write_frame(&foreign_index);
    client.write_frame(&ping);
    client.ok(&ControlPing {});
}

#[test]
fn nonsense_ends_only_its_own_connection() {
    use std::io::{Read, Write};
    let (sim, mut client) = vpp();
    let mut stream = std::os::unix::net::UnixStream::connect(sim.path()).unwrap();
    stream.write_all(&[0xff; 64]).unwrap();
    assert_eq!(stream.read(&mut [0; 16]).unwrap(), 0);
    client.ok(&ControlPing {});
}

#[test]
fn a_client_may_leave() {
    let (sim, mut client) = vpp();
    let other = Client::connect(sim.path());
    assert_eq!(sim.clients(), 2);
    assert_eq!(client.call(&SockclntDelete::default()).response, 1);
    assert!(client.read_frame().is_none());
    drop(other);
    eventually("both clients are forgotten", || sim.clients() == 0);
}
