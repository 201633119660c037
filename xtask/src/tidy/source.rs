//! The form of the files: they say what they are, stay short, and hold nothing left over.

use super::repo::{Repo, generated};
use super::rust::{code, has_word};

/// A longer file has more than one subject.
const MOST_LINES: usize = 500;

/// Files that may be longer, and why.
const LONGER: &[(&str, &str)] = &[];

/// Files that may hold unsafe code, and what for.
const UNSAFE: &[(&str, &str)] = &[
    (
        "crates/agent/src/allocator.rs",
        "the C library's allocator is told to give large buffers back, for which it has a function and nothing else",
    ),
    (
        "crates/linux/src/netlink/words.rs",
        "the kernel says why it refuses something if a socket is set to it, for which rustix has no function",
    ),
    (
        "crates/linux/src/netns/create.rs",
        "a thread gets a network namespace of its own; the system call has flags that are unsafe, and they are not used",
    ),
    (
        "crates/sim/src/device.rs",
        "the simulated VPP makes TAPs of Linux, for which there is an ioctl and nothing else",
    ),
];

/// Notes to oneself; what they say is either done or written down where plans are kept.
const NOTES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

/// Starts of paths that exist on one machine only.
const MACHINE: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/opt/", "vpp"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

pub fn check(repo: &Repo) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in repo.rust() {
        let mut complain = |complaint: String| complaints.push(format!("{path} {complaint}"));
        let code = code(text);
        if !text.starts_with("//! ") {
            complain("does not begin with a //! line that says what it is".to_string());
        }
        let lines = text.lines().count();
        if lines > MOST_LINES && !LONGER.iter().any(|(file, _)| *file == path) {
            complain(format!(
                "has {lines} lines, more than {MOST_LINES}; divide it, or name it in LONGER with a reason"
            ));
        }
        if code.contains(concat!("#[ig", "nore")) {
            complain("leaves out a test with #[ignore]".to_string());
        }
        if has_word(&code, "unsafe") {
            if !UNSAFE.iter().any(|(file, _)| *file == path) {
                complain("holds unsafe code and is not named in UNSAFE with a reason".to_string());
            } else if !text.contains("// SAFETY: ") {
                complain("holds unsafe code without a SAFETY note".to_string());
            }
        }
    }
    for (path, text) in repo.texts().filter(|(path, _)| !generated(path) && *path != "Cargo.lock") {
        for note in NOTES.iter().filter(|note| has_word(text, note)) {
            complaints.push(format!("{path} holds a {note}; do it, or write it down where plans are kept"));
        }
        for start in MACHINE.iter().filter(|start| has_path(text, start)) {
            complaints.push(format!("{path} holds a path of one machine ({start})"));
        }
    }
    for (path, _) in LONGER.iter().chain(UNSAFE) {
        if !repo.files.contains_key(*path) {
            complaints.push(format!("{path} is an exception in xtask/src/tidy/source.rs but does not exist"));
        }
    }
    complaints
}

/// Whether an absolute path with this start occurs; `a/work/b` is none.
fn has_path(text: &str, start: &str) -> bool {
    let part = |character: char| character.is_alphanumeric() || "._-*}".contains(character);
    text.match_indices(start).any(|(at, _)| !text.split_at(at).0.ends_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        let mut repo = Repo::default();
        // What is named as an exception has to be there.
        for (exception, _) in LONGER.iter().chain(UNSAFE) {
            repo.files.insert((*exception).to_string(), "//! An exception.\n".to_string());
        }
        repo.files.insert(path.to_string(), text.to_string());
        check(&repo)
    }

    #[test]
    fn a_good_file_gives_no_complaint() {
        assert!(
            complaints("a.rs", "//! What it is.\n// unsafe is only spoken of here, and in \"#[ignore]\".\n")
                .is_empty()
        );
    }

    #[test]
    fn every_bad_habit_is_a_complaint() {
        let long = format!("//! Long.\n{}", "\n".repeat(MOST_LINES));
        for (text, expected) in [
            ("fn a() {}\n", "does not begin with a //! line"),
            (long.as_str(), "has 501 lines"),
            (concat!("//! A.\n#[ig", "nore = \"slow\"]\n"), "leaves out a test"),
            ("//! A.\nfn a() { unsafe { b() } }\n", "holds unsafe code and is not named"),
            (concat!("//! A.\n// TO", "DO: more\n"), "holds a TO"),
            (concat!("//! A, in /ro", "ot/a.\n"), "holds a path of one machine"),
        ] {
            let complaints = complaints("a.rs", text);
            assert_eq!(complaints.len(), 1, "{complaints:?}");
            assert!(complaints[0].starts_with("a.rs ") && complaints[0].contains(expected), "{complaints:?}");
        }
    }

    #[test]
    fn generated_files_are_left_alone_and_paths_within_others_too() {
        assert!(complaints("crates/binapi/src/generated/a.rs", &"\n".repeat(900)).is_empty());
        assert!(
            complaints("notes.md", concat!("https://example.org/wo", "rk/ and target/ho", "me/")).is_empty()
        );
    }
}
