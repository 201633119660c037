//! The kernel's error numbers: their names, and what they mean for who configures a network.

/// Number, name, and meaning.
const ERRNOS: &[(i32, &str, &str)] = &[
    (1, "EPERM", "this agent may not do that"),
    (2, "ENOENT", "there is no such thing"),
    (3, "ESRCH", "there is no such thing"),
    (4, "EINTR", "it was interrupted"),
    (6, "ENXIO", "there is no such interface"),
    (11, "EAGAIN", "not now"),
    (12, "ENOMEM", "there is no memory left"),
    (13, "EACCES", "this agent may not do that"),
    (16, "EBUSY", "it is in use"),
    (17, "EEXIST", "there is one already"),
    (19, "ENODEV", "there is no such interface"),
    (22, "EINVAL", "the kernel does not take these values"),
    (23, "ENFILE", "there are too many"),
    (24, "EMFILE", "there are too many"),
    (28, "ENOSPC", "there is no room left"),
    (30, "EROFS", "it can only be read"),
    (34, "ERANGE", "a value is out of range"),
    (90, "EMSGSIZE", "the request is too large"),
    (95, "EOPNOTSUPP", "this kernel does not have that"),
    (97, "EAFNOSUPPORT", "this kernel does not have that version of IP"),
    (98, "EADDRINUSE", "the address is in use already"),
    (99, "EADDRNOTAVAIL", "there is no such address"),
    (100, "ENETDOWN", "the interface is down"),
    (101, "ENETUNREACH", "the gateway cannot be reached"),
    (105, "ENOBUFS", "answers were lost"),
    (113, "EHOSTUNREACH", "the gateway cannot be reached"),
];

/// Name and meaning of an error.
pub fn explain(number: i32) -> (&'static str, &'static str) {
    let known = ERRNOS.iter().find(|(known, ..)| *known == number);
    known.map_or(("", "the kernel refused"), |(_, name, meaning)| (name, meaning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_system() {
        for (number, name) in [(1, "EPERM"), (17, "EEXIST"), (19, "ENODEV"), (101, "ENETUNREACH")] {
            assert_eq!(explain(number).0, name);
        }
        let errno = rustix::io::Errno::OPNOTSUPP.raw_os_error();
        assert_eq!(explain(errno).0, "EOPNOTSUPP");
        assert_eq!(explain(9999), ("", "the kernel refused"));
        let numbers: Vec<i32> = ERRNOS.iter().map(|row| row.0).collect();
        assert!(numbers.is_sorted());
    }
}
