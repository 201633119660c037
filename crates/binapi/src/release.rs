//! The whole message tables of the releases, for whoever plays VPP. Who only speaks to VPP does not link them.

use std::sync::LazyLock;

/// The supported releases, oldest first.
pub const RELEASES: &[&str] = &["23.06", "24.06", "24.10", "25.06", "25.10", "26.02", "26.06"];

/// Name and CRC of a message, and the module (a plugin's name for a plugin's message) it belongs to.
pub type Entry = (&'static str, &'static str);

static TABLES: LazyLock<Vec<Vec<Entry>>> = LazyLock::new(|| {
    let mut lines = include_str!("generated/releases.txt").lines();
    let count = lines.next().unwrap_or_default().split(' ').count();
    let mut tables = vec![Vec::new(); count];
    let mut module = "";
    for line in lines {
        if let Some(name) = line.strip_prefix('@') {
            module = name;
        } else if let Some((id, set)) = line.split_once(' ') {
            let set = u32::from_str_radix(set, 16).unwrap_or_default();
            for (i, table) in tables.iter_mut().enumerate() {
                if set >> i & 1 == 1 {
                    table.push((id, module));
                }
            }
        }
    }
    tables
});

/// All messages of a release, by module and name; `None` if the release is not among [`RELEASES`].
pub fn table(release: &str) -> Option<&'static [Entry]> {
    let index = RELEASES.iter().position(|r| *r == release)?;
    TABLES.get(index).map(Vec::as_slice)
}
