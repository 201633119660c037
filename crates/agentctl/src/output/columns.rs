//! A table of columns that are set off by spaces alone.

/// The narrowest column.
const LEAST: usize = 10;

/// What stands between columns at least.
const GAP: usize = 3;

/// A line with the titles, then one for each row. Every cell is filled up to the width of its column.
pub fn columns<const N: usize>(titles: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = titles.map(width);
    for row in rows {
        for (most, cell) in widths.iter_mut().zip(row) {
            *most = (*most).max(width(cell));
        }
    }
    let mut text = String::new();
    line(&mut text, &widths, titles.iter().copied());
    for row in rows {
        line(&mut text, &widths, row.iter().map(String::as_str));
    }
    text
}

fn line<'a>(text: &mut String, widths: &[usize], cells: impl Iterator<Item = &'a str>) {
    for (most, cell) in widths.iter().zip(cells) {
        // A line break inside a cell, as in a long error, would tear the table.
        let cell = cell.replace('\n', " ");
        text.push_str(&cell);
        let fill = LEAST.max(most + GAP) - width(&cell);
        text.extend(std::iter::repeat_n(' ', fill));
    }
    text.push('\n');
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_at_least_ten_wide_and_three_apart() {
        let rows = [["a".to_string(), "two\nlines".to_string()], ["äöü-äöü-äöü".to_string(), String::new()]];
        assert_eq!(
            columns(["ONE", "TWO"], &rows),
            "ONE           TWO         \na             two lines   \näöü-äöü-äöü               \n"
        );
        assert_eq!(columns(["ONE"], &[]), "ONE       \n");
    }
}
