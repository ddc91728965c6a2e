//! Titles to ids.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The id that stands for a title: lower case, without accents and
/// apostrophes, a hyphen for every other run of characters that are neither
/// letters nor digits.
///
/// ```
/// assert_eq!(unstuck::kb::slug("Can't get past the 2FA screen"), "cant-get-past-the-2fa-screen");
/// assert_eq!(unstuck::kb::slug("Login & access"), "login-access");
/// ```
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for char in title.nfkd().filter(|it| !is_combining_mark(*it) && !matches!(it, '\'' | '’' | '‘' | 'ʼ')) {
        if char.is_alphanumeric() {
            slug.extend(char.to_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').into()
}
