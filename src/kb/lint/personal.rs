//! Text that should not be public: keys and passwords, and the addresses of
//! persons.
//!
//! Only forms that are told from other text with certainty: a rule that cries at
//! healthy text is switched off, and then says nothing of a key either. What is
//! made up for an example (`example.com`, "your-token") is none.

use std::ops::Range;

use crate::kb::diagnostic::Diagnostic;
use crate::kb::parse::Book;
use crate::kb::place;
use crate::kb::source::{MAX_SOURCE_BYTES, Source};

/// Keys that begin with letters of their own: what they begin with, how many
/// characters follow at least, and what it is.
const KEYS: [(&str, usize, &str); 22] = [
    ("AKIA", 16, "an AWS access key"),
    ("ASIA", 16, "an AWS access key"),
    ("AIza", 35, "a Google API key"),
    ("ghp_", 36, "a GitHub token"),
    ("gho_", 36, "a GitHub token"),
    ("ghu_", 36, "a GitHub token"),
    ("ghs_", 36, "a GitHub token"),
    ("ghr_", 36, "a GitHub token"),
    ("github_pat_", 50, "a GitHub token"),
    ("glpat-", 20, "a GitLab token"),
    ("xoxb-", 20, "a Slack token"),
    ("xoxp-", 20, "a Slack token"),
    ("xoxa-", 20, "a Slack token"),
    ("xoxr-", 20, "a Slack token"),
    ("xoxs-", 20, "a Slack token"),
    ("sk_live_", 16, "a Stripe key"),
    ("rk_live_", 16, "a Stripe key"),
    ("whsec_", 24, "a Stripe webhook secret"),
    ("npm_", 36, "an npm token"),
    ("sk-proj-", 40, "an API key"),
    ("sk-ant-", 40, "an API key"),
    ("SG.", 60, "a SendGrid key"),
];

/// No key is shorter, and most words are.
const MIN_KEY_BYTES: usize = 20;

/// So much of a key stands below its first line at least.
const MIN_BLOCK_BYTES: usize = 32;

/// Most that is read of a value: without an end a line of a megabyte, in which
/// each value goes on to the next, would be read again for each.
const MAX_VALUE_BYTES: usize = 256;

/// Names whose value is a secret, as they stand before `=` or `:`, without
/// hyphens and underscores.
const SECRET_NAMES: [&str; 9] =
    ["password", "passwd", "secret", "apikey", "accesstoken", "authtoken", "clientsecret", "secretkey", "apisecret"];

/// What stands in examples in the place of a secret.
const PLACEHOLDERS: [&str; 19] = [
    "example",
    "your",
    "xxx",
    "...",
    "…",
    "***",
    "<",
    "{",
    "$",
    "%",
    "placeholder",
    "changeme",
    "password",
    "secret",
    "12345",
    "abcde",
    "dummy",
    "sample",
    "redacted",
];

/// Words in the name of a mailbox that belongs to a role, to a machine or to
/// nobody.
const ROLES: [&str; 86] = [
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "alert",
    "alerts",
    "all",
    "api",
    "app",
    "apps",
    "billing",
    "bot",
    "bounce",
    "business",
    "care",
    "ci",
    "careers",
    "community",
    "compliance",
    "contact",
    "customer",
    "customerservice",
    "dev",
    "devops",
    "developer",
    "developers",
    "dl",
    "docs",
    "donotreply",
    "email",
    "engineering",
    "enquiries",
    "feedback",
    "first",
    "firstname",
    "git",
    "guest",
    "hello",
    "help",
    "helpdesk",
    "hr",
    "info",
    "inquiries",
    "it",
    "jobs",
    "legal",
    "lists",
    "mail",
    "mailer",
    "mailbox",
    "marketing",
    "me",
    "member",
    "monitoring",
    "name",
    "news",
    "newsletter",
    "no",
    "noreply",
    "notifications",
    "office",
    "oncall",
    "ops",
    "orders",
    "partner",
    "platform",
    "postmaster",
    "press",
    "privacy",
    "reply",
    "root",
    "sales",
    "security",
    "sender",
    "service",
    "servicedesk",
    "services",
    "someone",
    "support",
    "system",
    "team",
    "test",
    "user",
    "username",
    "webmaster",
];

/// Letters within the name of such a mailbox, as in `askteam@`.
const ROLE_PARTS: [&str; 13] = [
    "admin", "alert", "desk", "feedback", "help", "info", "mail", "notif", "request", "sales", "service", "support",
    "user",
];

/// Domains that stand for any, in documentation of all kinds.
const EXAMPLE_DOMAINS: [&str; 15] = [
    "acme",
    "address",
    "adatum",
    "company",
    "contoso",
    "corp",
    "domain",
    "example",
    "fabrikam",
    "mycompany",
    "mydomain",
    "northwindtraders",
    "test",
    "yourcompany",
    "yourdomain",
];

/// Top-level domains that are for examples, and endings of files that look like one.
const NO_DOMAINS: [&str; 20] = [
    "example",
    "invalid",
    "local",
    "localhost",
    "test",
    "css",
    "gif",
    "git",
    "html",
    "internal",
    "jpeg",
    "jpg",
    "js",
    "json",
    "md",
    "png",
    "svg",
    "ts",
    "webp",
    "xml",
];

/// Area codes that anybody may call for nothing: nobody has one at home.
const FREE_CODES: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];

/// What was found in a text.
struct Found {
    span: Range<usize>,
    what: String,
    is_secret: bool,
}

impl Book {
    /// Looks through all that this book has of its own: the first `n` of its
    /// files are another's.
    pub(super) fn check_personal(&self, n: usize, found: &mut Vec<Diagnostic>) {
        let entries = self.entries_by_file();
        let configs = [&self.config.source, &self.vocabulary.source];
        let files = self.files.iter().enumerate().skip(n).map(|(at, it)| (Some(at), it));
        for (file, source) in files.chain(configs.map(|it| (None, it))) {
            // What is not read is not published either.
            if source.wrong_encoding().is_some() || file.is_some() && source.text.len() > MAX_SOURCE_BYTES {
                continue;
            }
            for it in look_through(&source.text) {
                // That contacts have an address is what they are for; a person's is still one.
                if file.is_none() && it.what.starts_with("a telephone number") {
                    continue;
                }
                let about = file.and_then(|at| place::entry_at(source, entries.get(&at)?, it.span.start));
                let mut diagnostic = report(source, it);
                diagnostic.id = about.map(|it| it.id.clone());
                found.push(diagnostic);
            }
        }
    }
}

fn report(source: &Source, it: Found) -> Diagnostic {
    let message = format!("this looks like {}", it.what);
    if it.is_secret {
        let found = Diagnostic::error("secret", source, it.span, message);
        found.hint("take it out and have it replaced: whoever has read the file can use it")
    } else {
        let found = Diagnostic::warning("personal-address", source, it.span, message);
        found.hint("name a role or a contact of kb.toml; people change, and find themselves published")
    }
}

fn look_through(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    // Words end where addresses and keys cannot go on.
    let is_end = |it: char| {
        it.is_whitespace() || matches!(it, '"' | '\'' | '`' | '|' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';')
    };
    let mut at = 0;
    for piece in text.split(is_end) {
        let start = at;
        at += piece.len() + text[at + piece.len()..].chars().next().map_or(0, char::len_utf8);
        if piece.len() >= 6 {
            let found_before = found.len();
            url_password(piece, start, &mut found);
            if piece.len() >= MIN_KEY_BYTES {
                key(piece, start, &mut found);
            }
            if found.len() == found_before {
                email(piece, start, &mut found);
            }
        }
    }
    key_blocks(text, &mut found);
    named_secrets(text, &mut found);
    telephones(text, &mut found);
    found.sort_by_key(|it| it.span.start);
    found
}

fn secret(span: Range<usize>, what: &str) -> Found {
    Found { span, what: what.into(), is_secret: true }
}

fn is_placeholder(value: &str) -> bool {
    let value = value.to_lowercase();
    PLACEHOLDERS.iter().any(|it| value.contains(it))
}

fn key(piece: &str, start: usize, found: &mut Vec<Found>) {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.');
    for (prefix, more, what) in KEYS {
        let Some(at) = piece.find(prefix) else { continue };
        let begins = !piece[..at].ends_with(|it: char| it.is_ascii_alphanumeric());
        let rest = &piece[at + prefix.len()..];
        let rest = rest[..rest.find(|it| !is_part(it)).unwrap_or(rest.len())].trim_end_matches('.');
        let mixed = rest.bytes().any(|it| it.is_ascii_digit()) && rest.bytes().any(|it| it.is_ascii_alphabetic());
        let fits = match prefix {
            "AKIA" | "ASIA" => {
                rest.len() == 16 && rest.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
            }
            "AIza" => rest.len() == 35,
            _ => rest.len() >= more,
        };
        if begins && fits && mixed && !is_placeholder(rest) {
            found.push(secret(start + at..start + at + prefix.len() + rest.len(), what));
        }
    }
    // A JSON web token: three parts, of which two are JSON in base64.
    if let Some(at) = piece.find("eyJ") {
        let token = &piece[at..];
        let token = &token[..token.find(|it| !is_part(it)).unwrap_or(token.len())];
        let parts: Vec<&str> = token.split('.').collect();
        if parts.len() == 3 && parts[1].starts_with("eyJ") && parts.iter().all(|it| it.len() >= 16) {
            found.push(secret(start + at..start + at + token.len(), "a session token"));
        }
    }
    if let Some((_, path)) = piece.split_once("hooks.slack.com/services/T")
        && path.len() >= 30
        && !is_placeholder(path)
    {
        found.push(secret(start..start + piece.len(), "a Slack webhook"));
    }
}

/// `https://name:password@host`.
fn url_password(piece: &str, start: usize, found: &mut Vec<Found>) {
    let Some((before, after)) = piece.split_once("://") else { return };
    let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, host)) = authority.rsplit_once('@') else { return };
    let Some((name, password)) = user.split_once(':') else { return };
    let is_example = host.is_empty() || is_example_domain(host.split(':').next().unwrap_or_default());
    // "user:pass" is nobody's; a port without a name in front is no password.
    let is_word = ["pass", "pwd", "passwd", "pw", "token", "key"].iter().any(|it| password.eq_ignore_ascii_case(it));
    if !password.is_empty() && !name.is_empty() && !is_word && !is_placeholder(user) && !is_example {
        let at = start + before.len() + 3;
        found.push(secret(at..at + user.len(), "a password in an address"));
    }
}

/// `-----BEGIN PRIVATE KEY-----`, with a key below it.
fn key_blocks(text: &str, found: &mut Vec<Found>) {
    for (at, begin) in text.match_indices("-----BEGIN ") {
        let rest = &text[at + begin.len()..];
        // No further than the name goes, or a long line would be read again for each.
        let (name, rest) = rest.split_at(
            rest.find(|it: char| !(it.is_ascii_uppercase() || it.is_ascii_digit() || it == ' ')).unwrap_or(rest.len()),
        );
        let Some(after) = rest.strip_prefix("-----").filter(|_| name.ends_with("PRIVATE KEY")) else { continue };
        let body = after.trim_start_matches(|it: char| it.is_whitespace() || it == '\\' || it == 'n');
        let is_key = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'=');
        // Where the key is left out, the line is about keys and is none.
        if body.bytes().take(MIN_BLOCK_BYTES).take_while(is_key).count() == MIN_BLOCK_BYTES {
            found.push(secret(at..text.len() - after.len(), "a private key"));
        }
    }
}

/// `api_key = "…"`, where the value is long and no word.
fn named_secrets(text: &str, found: &mut Vec<Found>) {
    let is_value = |it: char| {
        it.is_ascii_alphanumeric() || matches!(it, '+' | '/' | '=' | '_' | '-' | '!' | '@' | '#' | '^' | '&' | '.')
    };
    for (at, _) in text.match_indices([':', '=']) {
        let name = text[..at].trim_end_matches([' ', '"', '\'', '*', '`']);
        let name_start = name
            .rfind(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '_' | '-')))
            .map_or(0, |it| it + name[it..].chars().next().map_or(1, char::len_utf8));
        let name: String =
            name[name_start..].chars().filter(|it| !matches!(it, '_' | '-')).collect::<String>().to_lowercase();
        if !SECRET_NAMES.iter().any(|it| name.ends_with(it)) || name.len() > 40 {
            continue;
        }
        let rest = &text[at + 1..];
        let value_start = at + 1 + (rest.len() - rest.trim_start_matches([' ', '"', '\'', '*', '`', '=']).len());
        let value = &text[value_start..];
        let length = value.bytes().take(MAX_VALUE_BYTES).take_while(|it| is_value(char::from(*it))).count();
        let value = value[..length].trim_end_matches('.');
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        let has = |is: fn(&u8) -> bool| value.bytes().any(|it| is(&it));
        let is_mixed = digits >= 3 && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
        let is_hex = value.len() >= 32 && digits >= 6 && value.bytes().all(|it| it.is_ascii_hexdigit());
        // A path or a name of a thing has its own separators.
        let is_name = value.contains(['/', '.', '_']) && !value.ends_with('=');
        if value.len() >= 12 && (is_mixed && !is_name || is_hex) && !is_placeholder(value) {
            found.push(secret(value_start..value_start + value.len(), "the value of a password or key"));
        }
    }
}

fn email(piece: &str, start: usize, found: &mut Vec<Found>) {
    let is_local = |it: char| is_letter(it) || matches!(it, '.' | '_' | '-' | '+');
    let is_domain = |it: char| is_letter(it) || matches!(it, '.' | '-');
    for (at, _) in piece.match_indices('@') {
        let before = &piece[..at];
        let local_start =
            before.rfind(|it| !is_local(it)).map_or(0, |it| it + before[it..].chars().next().map_or(1, char::len_utf8));
        let local = before[local_start..].trim_start_matches('.');
        // Behind "://" it is the name of an account on a server.
        let scheme = before[..local_start].ends_with("//");
        let after = &piece[at + 1..];
        let domain = after[..after.find(|it| !is_domain(it)).unwrap_or(after.len())].trim_end_matches(['.', '-']);
        let Some((name, top)) = domain.rsplit_once('.') else { continue };
        let is_host = top.len() >= 2 && top.bytes().all(|it| it.is_ascii_alphabetic()) && !name.is_empty();
        if scheme
            || local.len() < 2
            || !is_host
            || is_example_domain(domain)
            || is_role(local)
            || is_machine(name)
            || is_placeholder(local)
        {
            continue;
        }
        let begin = start + at - local.len();
        let what = format!("the e-mail address of a person, {local}@{domain}");
        found.push(Found { span: begin..start + at + 1 + domain.len(), what, is_secret: false });
    }
}

/// Letters and digits that addresses are written with, with their accents; where
/// no spaces stand between words a letter before an address is another word's.
fn is_letter(it: char) -> bool {
    it < '\u{530}' && it.is_alphanumeric() || matches!(it, '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}')
}

fn is_example_domain(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let labels: Vec<&str> = domain.split('.').collect();
    let top = labels.last().copied().unwrap_or_default();
    NO_DOMAINS.contains(&top)
        || labels.iter().any(|it| it.starts_with("example") || EXAMPLE_DOMAINS.contains(it) || it.starts_with("your"))
        || domain.ends_with("gserviceaccount.com")
        || labels.len() < 2
}

/// Whether a mailbox belongs to a role: one word of its name says so. Mailboxes
/// without a letter, and single letters, are nobody's.
fn is_role(local: &str) -> bool {
    let words: Vec<String> = local
        .split(['.', '_', '-', '+'])
        .map(|it| it.trim_end_matches(|it: char| it.is_ascii_digit()).to_ascii_lowercase())
        .collect();
    words.iter().any(|it| ROLES.contains(&it.as_str()) || ROLE_PARTS.iter().any(|part| it.contains(part)))
        || words.iter().all(|it| it.len() < 2)
}

/// Whether mail comes from a machine: `x@notifications.example.org`.
fn is_machine(domain: &str) -> bool {
    domain.to_ascii_lowercase().split('.').any(|it| it.contains("notif") || it.contains("mailer") || it == "bounce")
}

/// `+49 30 1234567` and `(415) 555-2671`.
fn telephones(text: &str, found: &mut Vec<Found>) {
    let is_part = |it: char| it.is_ascii_digit() || matches!(it, ' ' | '-' | '(' | ')' | '.' | '\u{a0}');
    let mut at = 0;
    while let Some(next) = text[at..].find(|it: char| it.is_ascii_digit() || matches!(it, '+' | '(')) {
        let start = at + next;
        let is_plus = text[start..].starts_with('+');
        let body = start + usize::from(is_plus);
        let end = text[body..].find(|it| !is_part(it)).map_or(text.len(), |it| body + it);
        let number = text[start..end].trim_end_matches(|it: char| !it.is_ascii_digit());
        at = end.max(body);
        let stands_alone = !text[..start]
            .ends_with(|it: char| it.is_alphanumeric() || matches!(it, '-' | '.' | '/' | '_' | ':' | '#' | '=' | '+'))
            && !text[start + number.len()..]
                .starts_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | '/' | ':' | '-'));
        if stands_alone && is_telephone(number) {
            let span = start..start + number.len();
            found.push(Found { span, what: format!("a telephone number, {number}"), is_secret: false });
        }
    }
}

fn is_telephone(number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    // What counts up is made up.
    if digits.contains("12345") || digits.contains("00000") || digits.contains("99999") {
        return false;
    }
    let separators = number.chars().filter(|it| matches!(it, ' ' | '-' | '(' | '.' | '\u{a0}')).count();
    if let Some(rest) = number.strip_prefix('+') {
        let is_north_american = digits.len() == 11 && digits.starts_with('1');
        return rest.starts_with(|it: char| matches!(it, '1'..='9'))
            && (9..=15).contains(&digits.len())
            && (!is_north_american || is_private_code(&digits[1..]))
            && !rest.contains("  ");
    }
    // Three, three and four digits, in one of the two ways in which they are written.
    let groups: Vec<&str> = number.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
    let [area, exchange, line] = groups.as_slice() else { return false };
    [area.len(), exchange.len(), line.len()] == [3, 3, 4]
        && (number.starts_with('(') || number.matches('-').count() == 2)
        && separators <= 3
        && is_private_code(&digits)
}

/// Whether ten digits are a number of North America that somebody can have: not
/// one that costs nothing, and not one of those that are for films.
fn is_private_code(ten: &str) -> bool {
    let starts = |at: usize| matches!(ten.as_bytes().get(at), Some(b'2'..=b'9'));
    starts(0) && starts(3) && &ten[3..6] != "555" && &ten[..3] != "555" && !FREE_CODES.contains(&&ten[..3])
}
