//! Rules as text: taken apart as `iptables-restore` does, and checked. Pure.
//!
//! iptables writes rules in words of its own: `-p tcp --dport 22` becomes `-p tcp -m tcp --dport 22`. So that a chain is known
//! again, it begins with a rule that does nothing but bear a comment: whose it is, and a fingerprint of the rules as they were
//! asked for and as iptables tells them. As long as the fingerprint is right, nobody has touched either.

use sched::{Invalid, ensure};

/// The longest rule. Programs read lines of 10 KiB at most, and take the rest for another line.
const LONGEST: usize = 4096;
/// The longest comment that the kernel keeps.
pub(super) const LONGEST_COMMENT: usize = 255;

/// Options that are no part of a rule, by their letter: commands, other tables, and what programs do besides.
const LETTERS: &str = "ADIRPFXNELSZCtMwWhV46";
/// Letters after which others may follow that are options as well.
const FLAGS: &str = "vnxf";
/// The same in full; programs take their beginnings for them, too.
const WORDS: &[&str] = &[
    "--append",
    "--delete",
    "--delete-chain",
    "--insert",
    "--replace",
    "--policy",
    "--flush",
    "--new-chain",
    "--rename-chain",
    "--list",
    "--list-rules",
    "--zero",
    "--check",
    "--table",
    "--modprobe",
    "--wait",
    "--wait-interval",
    "--help",
    "--version",
    "--ipv4",
    "--ipv6",
];
/// An option of a match that looks like the beginning of one of them.
const FINE: &str = "--pol";

/// Takes a rule apart at its blanks, but for those within double quotes, as `iptables-restore` does; `None` if a quote is open
/// at its end.
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut quoted, mut escaped) = (false, false);
    for letter in text.chars() {
        match letter {
            _ if escaped => {
                word.push(letter);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            // An end of quotes ends the word.
            '"' if quoted => {
                quoted = false;
                words.push(std::mem::take(&mut word));
            }
            _ if quoted => word.push(letter),
            '"' => quoted = true,
            ' ' | '\t' => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    (!quoted).then_some(words)
}

/// A word in double quotes.
pub(super) fn quoted(word: &str) -> String {
    let mut out = String::from("\"");
    for letter in word.chars() {
        if matches!(letter, '"' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out.push('"');
    out
}

/// Says what is wrong with a rule, as far as that does not take iptables to tell.
pub(super) fn check(text: &str) -> Result<(), Invalid> {
    const FIELD: &str = "rules";
    let wrong = |why: &str| Err(Invalid::new(FIELD, format!("{text:?} {why}")));
    ensure(text.len() <= LONGEST, FIELD, &format!("one is longer than {LONGEST} bytes"))?;
    if text.chars().any(char::is_control) {
        return wrong("is not one line of text");
    }
    let Some(words) = words(text) else { return wrong("has a quote that does not end") };
    if words.is_empty() {
        return wrong("is empty");
    }
    match words.iter().find(|word| is_foreign(word)) {
        Some(word) => wrong(&format!(
            "holds {word}, which is not for a rule: a rule says which packets it is for and what becomes of them; chain, table \
             and protocol have fields of their own"
        )),
        None => Ok(()),
    }
}

/// Does it tell iptables something that is not part of a rule?
fn is_foreign(word: &str) -> bool {
    if let Some(long) = word.strip_prefix("--") {
        let start = word.split('=').next().unwrap_or(word);
        return long.len() > 1 && start != FINE && WORDS.iter().any(|option| option.starts_with(start));
    }
    let mut letters = word.chars();
    let (dash, letter, more) = (letters.next(), letters.next(), letters.next());
    let among = |all: &str| letter.is_some_and(|letter| all.contains(letter));
    dash == Some('-') && (among(LETTERS) || among(FLAGS) && more.is_some())
}

/// A fingerprint of rules as they were asked for and as iptables tells them.
pub(super) fn fingerprint(asked: &[String], told: &[String]) -> u64 {
    let texts = |rules: &[String]| -> Vec<u8> {
        rules.iter().flat_map(|rule| rule.bytes().chain([0])).chain([1]).collect()
    };
    let bytes = texts(asked).into_iter().chain(texts(told));
    // FNV-1a, so that it is the same in all versions of the agent.
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whose a chain is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The name of the value.
    pub name: String,
    /// The policy is ours, too.
    pub policy: bool,
    /// See [`fingerprint`]; none if it was written but not looked at.
    pub fingerprint: Option<u64>,
}

const POLICY: &str = "policy";

impl Mark {
    /// The comment that says so; `ours` is what all of this agent begin with.
    pub fn comment(&self, ours: &str) -> String {
        let policy = if self.policy { format!("/{POLICY}") } else { String::new() };
        let fingerprint = self.fingerprint.map_or_else(String::new, |print| format!("/{print:016x}"));
        format!("{ours}{}{policy}{fingerprint}", encoded(&self.name))
    }
    /// What a comment says.
    pub fn of_comment(ours: &str, comment: &str) -> Option<Mark> {
        let mut parts: Vec<&str> = comment.strip_prefix(ours)?.split('/').collect();
        let print = parts.last().filter(|part| part.len() == 16 && parts.len() > 1);
        let fingerprint = print.and_then(|print| u64::from_str_radix(print, 16).ok());
        if fingerprint.is_some() {
            parts.pop();
        }
        let policy = parts.len() > 1 && parts.last() == Some(&POLICY);
        if policy {
            parts.pop();
        }
        let [name] = parts[..] else { return None };
        Some(Mark { name: decoded(name)?, policy, fingerprint }).filter(|mark| !mark.name.is_empty())
    }
    /// The rule that bears it.
    pub fn rule(&self, ours: &str) -> String {
        format!("-m comment --comment {}", quoted(&self.comment(ours)))
    }
    /// What a rule says, if it is one of those.
    pub fn of_rule(ours: &str, rule: &str) -> Option<Mark> {
        match &words(rule)?[..] {
            [m, module, option, comment] if [&**m, module, option] == ["-m", "comment", "--comment"] => {
                Mark::of_comment(ours, comment)
            }
            _ => None,
        }
    }
}

/// Letters that stand for themselves in a comment.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.:@+,= ".contains(&byte)
}

fn encoded(name: &str) -> String {
    let byte = |byte: u8| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02x}"),
    };
    name.bytes().map(byte).collect()
}

fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        out.push(u8::from_str_radix(code, 16).ok()?);
        out.extend(rest.bytes());
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OURS: &str = "/vnf-agent/vpp1/";

    #[test]
    fn rules_are_taken_apart_as_iptables_does() {
        let cases: [(&str, Option<&[&str]>); 6] = [
            ("-s 10.0.0.1  -j\tACCEPT", Some(&["-s", "10.0.0.1", "-j", "ACCEPT"])),
            (r#"-j LOG --log-prefix "a \"b\" \\ c""#, Some(&["-j", "LOG", "--log-prefix", r#"a "b" \ c"#])),
            (r#"a"b"c"#, Some(&["ab", "c"])),
            (r#"--comment """#, Some(&["--comment", ""])),
            ("", Some(&[])),
            ("\"a", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|words| words.iter().map(|&word| word.to_owned()).collect());
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_rule_is_told() {
        for bad in [
            "",
            "  ",
            "-j ACCEPT\nCOMMIT",
            "-j \"ACCEPT",
            "-t nat -j ACCEPT",
            "-A INPUT -j ACCEPT",
            "-tnat",
            "-vM/bin/sh",
            "-M /bin/sh",
            "--modprobe=/bin/sh",
            "--mod /bin/sh",
            "--flush",
            "-j ACCEPT -h",
            "-4 -j ACCEPT",
            "--ipv6",
        ] {
            assert_eq!(check(bad).unwrap_err().field, "rules", "{bad}");
        }
        assert!(check(&"x".repeat(LONGEST + 1)).is_err());
        for good in [
            "-j ACCEPT",
            "-m policy --dir in --pol ipsec -j ACCEPT",
            "-m limit --limit 5/sec",
            "-p tcp --dport 22 ! -s 10.0.0.0/8",
            "-m comment --comment \"a -- b\"",
            "-f -j DROP",
            "-m time --monthdays 1",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn marks_are_read_back() {
        for name in ["web", "a/b", "a\"b%", "zwölf", "policy", "0123456789abcdef"] {
            for (policy, fingerprint) in
                [(false, None), (true, None), (false, Some(7)), (true, Some(u64::MAX))]
            {
                let mark = Mark { name: name.to_owned(), policy, fingerprint };
                assert_eq!(Mark::of_rule(OURS, &mark.rule(OURS)), Some(mark));
            }
        }
        for other in [
            "-j ACCEPT",
            "-m comment --comment web",
            "-m comment --comment /vnf-agent/vpp2/web",
            "-m comment --comment /vnf-agent/vpp1/",
            "-m comment --comment /vnf-agent/vpp1/a/b/c",
            "-m comment --comment /vnf-agent/vpp1/a%2",
            "-m comment --comment /vnf-agent/vpp1/web -j ACCEPT",
        ] {
            assert_eq!(Mark::of_rule(OURS, other), None, "{other}");
        }
    }

    #[test]
    fn fingerprints_tell_lists_apart() {
        let list = |rules: &[&str]| rules.iter().map(|&rule| rule.to_owned()).collect::<Vec<_>>();
        let prints = [
            fingerprint(&list(&["a", "b"]), &list(&[])),
            fingerprint(&list(&["a"]), &list(&["b"])),
            fingerprint(&list(&["ab"]), &list(&[])),
            fingerprint(&list(&["b", "a"]), &list(&[])),
            fingerprint(&list(&[]), &list(&[])),
        ];
        let different: std::collections::HashSet<_> = prints.iter().collect();
        assert_eq!(different.len(), prints.len());
        // Chains bear it: it must not become another one.
        assert_eq!(fingerprint(&list(&["-j ACCEPT"]), &list(&["-j ACCEPT"])), 0xb9f3_a01c_e8e8_81e5);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let _ = (check(&text), words(&text), Mark::of_rule(OURS, &text), Mark::of_comment("", &text), decoded(&text));
        }
        #[test]
        fn words_are_read_back(all in prop::collection::vec("[^\\x00-\\x1f\\x7f]{0,12}", 0..5)) {
            let text: Vec<String> = all.iter().map(|word| quoted(word)).collect();
            prop_assert_eq!(words(&text.join(" ")), Some(all));
        }
        #[test]
        fn names_are_read_back(name in ".{0,20}") {
            prop_assert_eq!(decoded(&encoded(&name)), Some(name));
        }
    }
}
