//! As much of SVG as the charts need. Whole numbers only; every text is escaped here and nowhere else.

use std::fmt::Write as _;

/// How a shape is filled. Each can be told from the others in grey too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// Dark.
    Dark,
    /// Stripes.
    Stripes,
    /// Light.
    Light,
    /// Dots.
    Dots,
    /// Lines that lie.
    Lines,
}

impl Fill {
    fn value(self) -> &'static str {
        match self {
            Fill::Dark => "#17456b",
            Fill::Stripes => "url(#stripes)",
            Fill::Light => "#a9cbe6",
            Fill::Dots => "url(#dots)",
            Fill::Lines => "url(#lines)",
        }
    }
}

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// The title of all.
    Title,
    /// The title of a chart.
    Heading,
    /// A label.
    Label,
    /// A label at whose end the place is.
    LabelBefore,
    /// Small print.
    Small,
    /// Small print in the middle of its place.
    SmallMiddle,
}

impl Type {
    fn attributes(self) -> &'static str {
        match self {
            Type::Title => r##"font-size="20" font-weight="bold" fill="#111""##,
            Type::Heading => r##"font-size="15" font-weight="bold" fill="#111""##,
            Type::Label => r##"font-size="13" fill="#111""##,
            Type::LabelBefore => r##"font-size="13" fill="#111" text-anchor="end""##,
            Type::Small => r##"font-size="11" fill="#444""##,
            Type::SmallMiddle => r##"font-size="11" fill="#444" text-anchor="middle""##,
        }
    }
}

const PATTERNS: &str = r##"<defs>
<pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#d8e8f4"/><rect width="3" height="6" fill="#2f7ab5"/></pattern>
<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#f6dcc0"/><circle cx="3" cy="3" r="1.6" fill="#9a4a06"/></pattern>
<pattern id="lines" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="#ffffff"/><rect width="5" height="2" fill="#8a8a8a"/></pattern>
</defs>
"##;

/// A drawing in the making.
#[derive(Default)]
pub(super) struct Svg {
    body: String,
}

impl Svg {
    /// A rectangle.
    pub(super) fn bar(&mut self, x: u64, y: u64, width: u64, height: u64, fill: Fill) {
        self.push(&format!(
            r##"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{}" stroke="#333" stroke-width="0.5"/>"##,
            fill.value()
        ));
    }

    /// The outline of what is not shown.
    pub(super) fn gap(&mut self, x: u64, y: u64, width: u64, height: u64) {
        self.push(&format!(
            r##"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#fff" stroke="#666" stroke-width="1" stroke-dasharray="3 2"/>"##
        ));
    }

    /// A straight line.
    pub(super) fn line(&mut self, (x1, y1): (u64, u64), (x2, y2): (u64, u64)) {
        self.push(&format!(
            r##"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#333" stroke-width="1"/>"##
        ));
    }

    /// Words, standing on `y`.
    pub(super) fn text(&mut self, x: u64, y: u64, how: Type, words: &str) {
        self.push(&format!(r#"<text x="{x}" y="{y}" {}>{}</text>"#, how.attributes(), escaped(words)));
    }

    /// Begins a part with a name of its own.
    pub(super) fn begin(&mut self, name: &str) {
        self.push(&format!(r#"<g role="group" aria-label="{}">"#, escaped(name)));
    }

    /// Ends it.
    pub(super) fn end(&mut self) {
        self.push("</g>");
    }

    /// The whole drawing.
    pub(super) fn whole(self, width: u64, height: u64, title: &str, description: &str) -> String {
        let mut svg = String::new();
        // Writing to a string cannot fail.
        let _written = write!(
            svg,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"'Noto Sans', 'DejaVu Sans', Arial, sans-serif\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n{PATTERNS}\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{}</svg>\n",
            escaped(title),
            escaped(description),
            self.body
        );
        svg
    }

    fn push(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }
}

/// Text as XML can hold it: what it cannot hold at all is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
