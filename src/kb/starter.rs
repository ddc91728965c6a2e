//! What a new knowledge base begins with.

/// Paths and texts of a knowledge base with an example of each shape.
pub const STARTER: [(&str, &str); 5] = [
    ("kb.toml", include_str!("starter/kb.toml")),
    ("vocabulary.toml", include_str!("starter/vocabulary.toml")),
    ("printing.md", include_str!("starter/printing.md")),
    ("meeting-rooms.md", include_str!("starter/meeting-rooms.md")),
    ("move-your-desk.md", include_str!("starter/move-your-desk.md")),
];
