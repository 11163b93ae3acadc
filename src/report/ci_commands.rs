//! What build services obey: they act on commands in any log they see, and a name in a flow may spell one.
//!
//! Azure Pipelines looks for `##vso[` and `##[` anywhere in a line, GitHub Actions for those and for `::` at the
//! beginning of one. Sources: `Command.cs` of microsoft/azure-pipelines-agent, `ActionCommand.cs` of
//! actions/runner.

use std::borrow::Cow;

/// A text for a log, in which no line is a command. Any other text stays as it is.
pub(crate) fn escape_ci_commands(text: &str) -> Cow<'_, str> {
    if !text.split('\n').any(is_command) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(without_command).collect();
    Cow::Owned(lines.join("\n"))
}

fn without_command(line: &str) -> Cow<'_, str> {
    if !is_command(line) {
        return Cow::Borrowed(line);
    }
    let line = if has_azure_command(line) { line.replace('#', "\u{fffd}") } else { line.to_owned() };
    Cow::Owned(if begins_as_github_command(&line) { line.replacen("::", ":\u{fffd}", 1) } else { line })
}

fn is_command(line: &str) -> bool {
    begins_as_github_command(line) || has_azure_command(line)
}

fn begins_as_github_command(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

/// The agents compare as people read: characters that cannot be seen do not keep a command from being one.
fn has_azure_command(line: &str) -> bool {
    line.contains('#') && line.contains('[') && {
        let seen: String = line.chars().filter(char::is_ascii_graphic).collect();
        seen.contains("##[") || seen.to_ascii_lowercase().contains("##vso[")
    }
}

#[cfg(test)]
mod tests {
    use super::escape_ci_commands;

    #[test]
    fn commands_are_broken_and_other_texts_are_not() {
        for command in
            ["##vso[task.setvariable variable=a]b", "x ##[error]b", "#\u{ad}#VSO[a.b]", "##v\u{200d}so[a.b]"]
        {
            assert!(!escape_ci_commands(command).contains('#'), "{command}");
        }
        assert_eq!(escape_ci_commands("a\n  ::add-mask::b\nc"), "a\n  :\u{fffd}add-mask::b\nc");
        for text in ["a::b", "Order #5 [1]", "##,##0.00", "one\ntwo [#]", ""] {
            assert_eq!(escape_ci_commands(text), text);
        }
    }
}
