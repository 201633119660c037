//! A table in a frame, whose cells may have several lines.

/// A frame with the titles, then one block of lines for each row. A cell that repeats the one above it is left
/// empty and joined to it.
pub fn boxes<const N: usize>(titles: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = titles.map(width);
    for row in rows {
        for (most, cell) in widths.iter_mut().zip(row) {
            *most = (*most).max(cell.lines().map(width).max().unwrap_or(0));
        }
    }
    let mut text = String::new();
    rule(&mut text, &widths, [true; N]);
    for (most, title) in widths.iter().zip(titles) {
        let space = most - width(title);
        let left = space / 2;
        text.push_str(&format!("| {}{title}{} ", " ".repeat(left), " ".repeat(space - left)));
    }
    text.push_str("|\n");
    rule(&mut text, &widths, [true; N]);

    let mut above: Option<&[String; N]> = None;
    for row in rows {
        let mut drawn = [true; N];
        if let Some(above) = above {
            for ((drawn, cell), above) in drawn.iter_mut().zip(row).zip(above) {
                *drawn = cell.is_empty() || cell != above;
            }
            rule(&mut text, &widths, drawn);
        }
        block(&mut text, &widths, row, drawn);
        above = Some(row);
    }
    if above.is_some() {
        rule(&mut text, &widths, [true; N]);
    }
    text
}

/// A line between blocks; open where cells are joined.
fn rule<const N: usize>(text: &mut String, widths: &[usize; N], drawn: [bool; N]) {
    text.push('+');
    for (width, drawn) in widths.iter().zip(drawn) {
        text.push_str(&if drawn { "-" } else { " " }.repeat(width + 2));
        text.push('+');
    }
    text.push('\n');
}

/// The lines of one row.
fn block<const N: usize>(text: &mut String, widths: &[usize; N], row: &[String; N], drawn: [bool; N]) {
    let height = row.iter().map(|cell| cell.lines().count()).max().unwrap_or(0).max(1);
    let mut cells = row.each_ref().map(|cell| cell.lines());
    for _ in 0..height {
        for ((lines, width_), drawn) in cells.iter_mut().zip(widths).zip(drawn) {
            let line = if drawn { lines.next().unwrap_or_default() } else { "" };
            text.push_str(&format!("| {line}{} ", " ".repeat(width_ - width(line))));
        }
        text.push_str("|\n");
    }
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_cells_are_joined_and_titles_centred() {
        let row = |cells: [&str; 3]| cells.map(str::to_string);
        let rows = [row(["same", "a\nbb", ""]), row(["same", "a", ""]), row(["other", "a", "longer"])];
        assert_eq!(
            boxes(["X", "TITLE", "Y"], &rows),
            "\
+-------+-------+--------+
|   X   | TITLE |   Y    |
+-------+-------+--------+
| same  | a     |        |
|       | bb    |        |
+       +-------+--------+
|       | a     |        |
+-------+       +--------+
| other |       | longer |
+-------+-------+--------+
"
        );
    }

    #[test]
    fn no_rows_leave_the_titles() {
        assert_eq!(boxes(["A"], &[]), "+---+\n| A |\n+---+\n");
    }
}
