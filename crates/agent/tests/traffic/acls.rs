//! What ACLs on two ports let through: a matrix of protocols and ports, both ways.

use crate::site::{Host, Site};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

const LEFT: &str = "10.71.0.2";
const RIGHT: &str = "10.72.0.2";
/// How long whatever is let through may take to come into being.
const PATIENCE: Duration = Duration::from_secs(30);
/// Within this time an answer comes, or the packet was dropped.
const SOON: Duration = Duration::from_millis(400);

#[derive(Clone, Copy, Debug)]
enum Sent {
    Ping,
    Tcp(u16),
    Udp(u16),
}

/// A host that answers at some ports of TCP and UDP, until the test ends.
struct Server {
    host: Host,
    address: &'static str,
}

impl Server {
    fn new(host: Host, address: &'static str, ports: &[u16]) -> Server {
        // The kernel leaves sums to the wire, and a wire between namespaces leaves them to VPP, which does not make them.
        host.whole_sums();
        for &port in ports {
            let at = SocketAddr::new(address.parse().unwrap(), port);
            let (tcp, udp) = host.inside(|| (TcpListener::bind(at).unwrap(), UdpSocket::bind(at).unwrap()));
            std::thread::spawn(move || tcp.incoming().for_each(drop));
            std::thread::spawn(move || {
                let mut word = [0; 16];
                while let Ok((length, from)) = udp.recv_from(&mut word) {
                    let _ = udp.send_to(&word[..length], from);
                }
            });
        }
        Server { host, address }
    }
    /// Is it answered?
    fn gets_through(&self, to: &Server, sent: Sent) -> bool {
        let at = |port| SocketAddr::new(to.address.parse().unwrap(), port);
        match sent {
            Sent::Ping => self.host.answers(to.address),
            Sent::Tcp(port) => self.host.inside(|| TcpStream::connect_timeout(&at(port), SOON).is_ok()),
            Sent::Udp(port) => self.host.inside(|| {
                let socket = UdpSocket::bind((self.address, 0)).unwrap();
                socket.set_read_timeout(Some(SOON)).unwrap();
                socket.send_to(b"word", at(port)).is_ok() && socket.recv_from(&mut [0; 16]).is_ok()
            }),
        }
    }
    fn check(&self, to: &Server, sent: Sent, passes: bool) {
        let began = Instant::now();
        if passes {
            while !self.gets_through(to, sent) {
                assert!(began.elapsed() < PATIENCE, "{sent:?} to {} does not arrive", to.address);
            }
        } else {
            for _ in 0..3 {
                assert!(!self.gets_through(to, sent), "{sent:?} to {} arrives", to.address);
            }
        }
    }
}

/// What is sent, and whether it arrives from left to right, and from right to left.
type Flow = (Sent, bool, bool);

const ALL: &[Sent] = &[Sent::Ping, Sent::Tcp(80), Sent::Tcp(8000), Sent::Udp(53), Sent::Udp(8000)];

const FILTERED: &[Flow] = &[
    (Sent::Ping, false, true),
    (Sent::Tcp(80), true, false),
    (Sent::Tcp(8000), false, true),
    (Sent::Udp(53), true, true),
    (Sent::Udp(8000), false, true),
];

/// With MACs of their own, so that hosts need not learn new ones when VPP was restarted.
const PORTS: &str = "vppConfig:
  interfaces:
    - {name: left, type: AF_PACKET, enabled: true, afpacket: {hostIfName: left}, physAddress: \"02:fe:00:00:71:01\",
       ipAddresses: [10.71.0.1/24]}
    - {name: right, type: AF_PACKET, enabled: true, afpacket: {hostIfName: right}, physAddress: \"02:fe:00:00:72:01\",
       ipAddresses: [10.72.0.1/24]}
";

/// No UDP to port 8000 and no ping from the left, no TCP below port 1024 from the right, no TCP to port 8000 to the right;
/// what is answered may come back.
const ACLS: &str = "vppConfig:
  acls:
    - name: left-in
      rules:
        - {action: DENY, ipRule: {udp: {destinationPortRange: {lowerPort: 8000, upperPort: 8000}}}}
        - {action: DENY, ipRule: {icmp: {icmpTypeRange: {first: 8, last: 8}, icmpCodeRange: {first: 0, last: 255}}}}
        - {action: REFLECT, ipRule: {}}
      interfaces: {ingress: [left]}
    - name: left-out
      rules: [{action: PERMIT, ipRule: {ip: {sourceNetwork: 10.72.0.0/24, destinationNetwork: 0.0.0.0/0}}}]
      interfaces: {egress: [left]}
    - name: right-in
      rules:
        - {action: DENY, ipRule: {tcp: {destinationPortRange: {lowerPort: 0, upperPort: 1023}}}}
        - {action: REFLECT, ipRule: {}}
      interfaces: {ingress: [right]}
    - name: right-out
      rules:
        - {action: DENY, ipRule: {tcp: {destinationPortRange: {lowerPort: 8000, upperPort: 8000}}}}
        - {action: PERMIT, ipRule: {}}
      interfaces: {egress: [right]}
";

#[test]
fn acls_on_two_ports_let_through_what_they_permit_in_netns() {
    let Some(mut site) = Site::new() else { return };
    let [left, right] =
        [("left", LEFT, "10.71.0.1"), ("right", RIGHT, "10.72.0.1")].map(|(port, address, gateway)| {
            let host = site.host(port, &[&format!("{address}/24")]);
            host.gateway(gateway);
            Server::new(host, address, &[53, 80, 8000])
        });
    let everything = || {
        for &sent in ALL {
            left.check(&right, sent, true);
            right.check(&left, sent, true);
        }
    };
    let filtered = || {
        for &(sent, to_right, to_left) in FILTERED {
            left.check(&right, sent, to_right);
            right.check(&left, sent, to_left);
        }
    };
    site.configure(PORTS);
    everything();
    site.configure(ACLS);
    filtered();
    site.remove(ACLS);
    everything();
    site.configure(ACLS);
    filtered();
    site.restart_vpp();
    left.check(&right, Sent::Udp(53), true);
    filtered();
}
