//! Lists of faults that stay readable, and fit into a header, however many there are.

/// Faults that are spelled out.
const MOST: usize = 20;
/// Bytes that all of them may take.
const LENGTH: usize = 2400;

/// The first of the items, joined, and how many more there are.
pub fn joined(items: impl Iterator<Item = String>, separator: &str) -> String {
    let mut text = String::new();
    let mut more = 0;
    for (index, item) in items.enumerate() {
        if index >= MOST || text.len() + item.len() > LENGTH && index > 0 {
            more += 1;
            continue;
        }
        if index > 0 {
            text.push_str(separator);
        }
        text.push_str(&item[..item.floor_char_boundary(LENGTH)]);
    }
    if more > 0 {
        text.push_str(&format!("{separator}and {more} more"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{LENGTH, joined};

    #[test]
    fn however_many() {
        let numbers = |n: usize| (0..n).map(|n| n.to_string());
        assert_eq!(joined(numbers(0), ", "), "");
        assert_eq!(joined(numbers(3), ", "), "0, 1, 2");
        assert!(joined(numbers(100_000), ", ").ends_with("18, 19, and 99980 more"));
        let long = "x".repeat(2000);
        assert_eq!(joined([long.clone(), long].into_iter(), "; ").len(), 2000 + "; and 1 more".len());
        assert_eq!(joined(["\u{20ac}".repeat(3000)].into_iter(), "; ").len(), LENGTH);
        assert_eq!(joined([format!("x{}", "\u{20ac}".repeat(3000))].into_iter(), "; ").len(), LENGTH - 2);
    }
}
