//! What announces a credential, and what kind of value follows it.

/// How a candidate is read once its mark was seen.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// `name=value`, the name being one of [`ASSIGNED`].
    Assigned,
    /// A JSON key, one of [`KEYS`], and its value.
    Key,
    /// An `Authorization` scheme and at least twenty characters.
    Bearer,
    /// The scheme of a name and a password in Base64.
    Basic,
    /// Base64 parts joined by dots, of which the mark begins the first.
    Jwt,
    /// A token that begins with the mark: so many characters behind it.
    Token(&'static str, usize),
    /// An address or token that goes on behind the mark, for at least so many characters.
    Rest(&'static str, usize),
    /// A block in PEM form.
    Pem,
    /// A client secret of Microsoft Entra, recognised in its middle.
    EntraSecret,
}

/// What announces a candidate in a value. Few, long and case-sensitive: the search is a vector one then.
pub(super) const MARKS: &[(&str, Form)] = &[
    ("ig=", Form::Assigned),
    ("SIG=", Form::Assigned),
    ("ode=", Form::Assigned),
    ("CODE=", Form::Assigned),
    ("ey=", Form::Assigned),
    ("KEY=", Form::Assigned),
    ("ecret=", Form::Assigned),
    ("SECRET=", Form::Assigned),
    ("word=", Form::Assigned),
    ("WORD=", Form::Assigned),
    ("wd=", Form::Assigned),
    ("PWD=", Form::Assigned),
    ("earer ", Form::Bearer),
    ("EARER ", Form::Bearer),
    ("asic ", Form::Basic),
    ("ASIC ", Form::Basic),
];

/// What tokens begin with.
pub(super) const TOKEN_MARKS: &[(&str, Form)] = &[
    ("eyJ", Form::Jwt),
    ("KEY-----", Form::Pem),
    ("ghp_", Form::Token("a GitHub token", 36)),
    ("gho_", Form::Token("a GitHub token", 36)),
    ("ghs_", Form::Token("a GitHub token", 36)),
    ("github_pat_", Form::Token("a GitHub token", 82)),
    ("glpat-", Form::Token("a GitLab token", 20)),
    ("AKIA", Form::Token("an AWS access key id", 16)),
    ("AIza", Form::Token("a Google API key", 35)),
    ("xoxb-", Form::Rest("a Slack token", 20)),
    ("xoxp-", Form::Rest("a Slack token", 20)),
    ("/IncomingWebhook/", Form::Rest("a webhook address with its token", 40)),
    ("hooks.slack.com/services/", Form::Rest("a webhook address with its token", 30)),
    ("discord.com/api/webhooks/", Form::Rest("a webhook address with its token", 60)),
];

/// What stands behind the fourth character of a client secret of Microsoft Entra.
pub(super) const ENTRA_MARK: &str = "Q~";

/// How the names of JSON keys end whose values may be secrets.
pub(super) const KEY_MARKS: &[&str] = &[
    "key\"",
    "Key\"",
    "KEY\"",
    "ecret\"",
    "SECRET\"",
    "word\"",
    "WORD\"",
    "pfx\"",
    "Pfx\"",
    "PFX\"",
    "oken\"",
    "OKEN\"",
    "pwd\"",
    "Pwd\"",
    "PWD\"",
    "hrase\"",
    "HRASE\"",
    "nString\"",
    "nstring\"",
    "NSTRING\"",
];

/// The same in JSON inside a text, however deep.
pub(super) const INNER_KEY_MARKS: &[&str] = &[
    "key\\",
    "Key\\",
    "KEY\\",
    "ecret\\",
    "SECRET\\",
    "word\\",
    "WORD\\",
    "pfx\\",
    "Pfx\\",
    "PFX\\",
    "oken\\",
    "OKEN\\",
    "pwd\\",
    "Pwd\\",
    "PWD\\",
    "hrase\\",
    "HRASE\\",
    "nString\\",
    "nstring\\",
    "NSTRING\\",
];

/// Names before a `=` (case folded), what their values are, and how long those are at least; no length
/// where a value proves nothing by its form.
pub(super) const ASSIGNED: &[(&str, &str, Option<usize>)] = &[
    ("sig", "a shared access signature", Some(20)),
    ("code", "a function key", Some(40)),
    ("accountkey", "a storage account key", Some(40)),
    ("sharedaccesskey", "a shared access key", Some(30)),
    ("subscription-key", "a subscription key", Some(20)),
    ("client_secret", "a client secret", Some(16)),
    ("password", "a password", None),
    ("pwd", "a password", None),
];

/// Names of JSON keys (case folded) and what their values prove.
pub(super) const KEYS: &[(&str, &str, Proof)] = &[
    ("ocp-apim-subscription-key", "a subscription key", Proof::Random(20)),
    ("x-functions-key", "a function key", Proof::Random(20)),
    ("x-api-key", "an API key", Proof::Random(16)),
    ("api-key", "an API key", Proof::Random(16)),
    ("api_key", "an API key", Proof::Random(16)),
    ("apikey", "an API key", Proof::Random(16)),
    ("client_secret", "a client secret", Proof::Random(16)),
    ("client-secret", "a client secret", Proof::Random(16)),
    ("clientsecret", "a client secret", Proof::Random(16)),
    ("accountkey", "a storage account key", Proof::Random(40)),
    ("password", "a password", Proof::None),
    ("pwd", "a password", Proof::None),
    ("passphrase", "a password", Proof::None),
    ("secret", "a secret", Proof::None),
    ("pfx", "a certificate", Proof::None),
    ("connectionstring", "a connection string", Proof::None),
    ("primarykey", "a key", Proof::NoWord),
    ("sharedkey", "a key", Proof::NoWord),
    ("secretkey", "a key", Proof::NoWord),
    ("token", "a token", Proof::NoWord),
    ("access_token", "a token", Proof::NoWord),
    ("accesstoken", "a token", Proof::NoWord),
    ("refresh_token", "a token", Proof::NoWord),
    ("refreshtoken", "a token", Proof::NoWord),
];

/// What the value of a JSON key must be to count.
#[derive(Clone, Copy)]
pub(super) enum Proof {
    /// So long, and drawn at random: that proves it. Anything but a plain word counts.
    Random(usize),
    /// Anything counts, and nothing proves it.
    None,
    /// Anything but a plain word, which may name a column or a kind.
    NoWord,
}
