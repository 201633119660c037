//! What the system lets this process do.

/// What changing a network needs.
pub(crate) const NET_ADMIN: &str = "CAP_NET_ADMIN";
/// What entering another network namespace, and making one, needs.
pub(crate) const SYS_ADMIN: &str = "CAP_SYS_ADMIN";

const NET_ADMIN_BIT: u64 = 1 << 12;
const SYS_ADMIN_BIT: u64 = 1 << 21;

/// The capabilities that a process has in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities(u64);

impl Capabilities {
    /// Those of this process.
    pub fn own() -> Capabilities {
        // Where there is no such file, what is not allowed is refused when it is tried.
        std::fs::read_to_string("/proc/self/status").map_or(Capabilities(u64::MAX), |text| Self::of(&text))
    }
    /// Reads what `/proc/PID/status` says.
    fn of(status: &str) -> Capabilities {
        let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
        let bits = line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
        Capabilities(bits.unwrap_or(u64::MAX))
    }
    /// None at all.
    pub fn none() -> Capabilities {
        Capabilities(0)
    }
    /// Why what is needed is not there; `None` if it is.
    pub(crate) fn lack(self, needed: &str) -> Option<String> {
        let bit = match needed {
            NET_ADMIN => NET_ADMIN_BIT,
            SYS_ADMIN => SYS_ADMIN_BIT,
            _ => return None,
        };
        (self.0 & bit == 0).then(|| lacking([needed].into_iter()))
    }
}

/// What it means to lack all of these.
pub(crate) fn lacking<'a>(needed: impl Iterator<Item = &'a str> + Clone) -> String {
    let may_not = needed.clone().map(|needed| match needed {
        SYS_ADMIN => "work in other network namespaces than its own",
        _ => "change the network of Linux",
    });
    let may_not = may_not.collect::<Vec<_>>().join(", nor ");
    format!("this agent lacks {}, without which it may not {may_not}", names(needed))
}

/// These, in one sentence.
pub(crate) fn names<'a>(needed: impl Iterator<Item = &'a str>) -> String {
    needed.collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said() {
        let all = Capabilities::of("Name:\tx\nCapEff:\t000001ffffffffff\n");
        assert_eq!((all.lack(NET_ADMIN), all.lack(SYS_ADMIN)), (None, None));
        let some = Capabilities::of("CapPrm:\tffff\nCapEff:\t0000000000001000\n");
        assert_eq!(some.lack(NET_ADMIN), None);
        assert_eq!(
            some.lack(SYS_ADMIN).unwrap(),
            "this agent lacks CAP_SYS_ADMIN, without which it may not work in other network namespaces than its own"
        );
        assert_eq!(
            lacking([NET_ADMIN, SYS_ADMIN].into_iter()),
            "this agent lacks CAP_NET_ADMIN and CAP_SYS_ADMIN, without which it may not change the network of Linux, nor \
             work in other network namespaces than its own"
        );
        assert!(Capabilities::none().lack(NET_ADMIN).unwrap().starts_with("this agent lacks CAP_NET_ADMIN"));
        assert_eq!(Capabilities::of("nonsense").lack(NET_ADMIN), None);
    }
}
