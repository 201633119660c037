//! Links and addresses of others, as they come and go.

use crate::agent::start;
use crate::until::until;
use model::models::erase;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::interfaces::interface::Type;
use sched::{Intent, Resync, State, Txn};
use testkit::laws::config;
use testkit::target::Target;

#[tokio::test]
async fn addresses_of_others_are_followed_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let agent = start(&target.socket(), config()).await;
    let uplink = Interface {
        name: "uplink".into(),
        r#type: Type::Existing.into(),
        host_if_name: "ext0".into(),
        link_only: true,
        ip_addresses: vec!["192.0.2.9/24".into(), "2001:db8::9/64".into()],
        ..Interface::default()
    };
    let txn = Txn { changes: vec![Intent::put(erase(uplink))], ..Txn::default() };
    agent.scheduler.commit(txn).await.unwrap();
    let base = "config/linux/interfaces/v2/interface/uplink";
    let parts = ["192.0.2.9/24", "2001:db8::9/64"]
        .map(|text| format!("linux/interface/uplink/address/existing/{text}"));
    until(&agent.scheduler, base, State::Pending).await;
    own.run("ip link add name ext0 type veth peer name ext1");
    own.run("ip link set ext0 up");
    until(&agent.scheduler, base, State::Configured).await;
    for _ in 0..3 {
        for (part, text) in parts.iter().zip(["192.0.2.9/24", "2001:db8::9/64"]) {
            until(&agent.scheduler, part, State::Pending).await;
            own.run(&format!("ip addr add {text} dev ext0"));
            until(&agent.scheduler, part, State::Configured).await;
        }
        for (part, text) in parts.iter().zip(["192.0.2.9/24", "2001:db8::9/64"]) {
            own.run(&format!("ip addr del {text} dev ext0"));
            until(&agent.scheduler, part, State::Pending).await;
        }
    }
    // What a comparison found before it was told of goes all the same.
    for _ in 0..20 {
        own.run("ip addr add 192.0.2.9/24 dev ext0");
        let txn = Txn { resync: Resync::Downstream, ..Txn::default() };
        agent.scheduler.commit(txn).await.unwrap();
        own.run("ip addr del 192.0.2.9/24 dev ext0");
        until(&agent.scheduler, &parts[0], State::Pending).await;
    }
    // Another link under the name is another one.
    own.run("ip addr add 192.0.2.9/24 dev ext0");
    until(&agent.scheduler, &parts[0], State::Configured).await;
    own.run("ip link del ext0");
    until(&agent.scheduler, base, State::Pending).await;
    own.run("ip link add name ext0 type veth peer name ext1");
    own.run("ip link set ext0 up");
    until(&agent.scheduler, base, State::Configured).await;
    until(&agent.scheduler, &parts[0], State::Pending).await;
}
