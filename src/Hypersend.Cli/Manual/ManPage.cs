using System.CommandLine;
using System.Text;
using Hypersend.Cli.Start;

namespace Hypersend.Cli.Manual;

/// <summary>The commands as a page of roff.</summary>
internal static class ManPage
{
    /// <summary>Variables of the environment; docs/cli.md has the same ones.</summary>
    public static readonly IReadOnlyList<(string Name, string Meaning)> Environment =
    [
        ("HYPERSEND_PROFILE", "The profile to use, when neither --profile nor --server is given."),
        ("HYPERSEND_SERVER", "The server to use, when neither --profile nor --server is given."),
        ("HYPERSEND_TOKEN", "An access token to use instead of a profile's; it is not renewed and not kept."),
        ("XDG_CONFIG_HOME", "Where the folder hypersend lies; ~/.config when it is not set."),
        ("SSL_CERT_FILE", "Certificates to trust, for servers with one of their own."),
        ("NO_COLOR", "Nothing is coloured when it is set."),
    ];

    public static string Of(IReadOnlyList<CommandPage> pages)
    {
        var page = new StringBuilder();
        var version = typeof(ManPage).Assembly.GetName().Version?.ToString(3);
        page.Append($".TH HYPERSEND 1 \"\" \"hypersend {version}\" \"User Commands\"\n");
        Section(page, "NAME", $"hypersend \\- {Text(pages[0].Description)}");
        Section(page, "SYNOPSIS", $".B hypersend\n{Text("COMMAND [ARGUMENTS] [OPTIONS]")}");
        page.Append(".SH COMMANDS\n");
        foreach (var command in pages.Skip(1).Where(command => command.Command.Action is not null))
            Command(page, command);
        page.Append(".SH OPTIONS OF ALL COMMANDS\n");
        foreach (var option in pages[0].Options)
            Option(page, option);
        page.Append(".SH EXIT STATUS\n");
        foreach (var (code, meaning) in ExitCodes.Table)
            Item(page, $".B {code}", meaning);
        page.Append(".SH ENVIRONMENT\n");
        foreach (var (name, meaning) in Environment)
            Item(page, $".B {Text(name)}", meaning);
        page.Append(".SH FILES\n");
        Item(page, ".I ~/.config/hypersend/profiles/", "One file for each profile, with its sign\\-in: only its owner may read it.", isRoff: true);
        Item(page, ".I ~/.config/hypersend/current", "The name of the profile that is used when none is named.", isRoff: true);
        return page.ToString();
    }

    private static void Command(StringBuilder page, CommandPage command)
    {
        page.Append($".SS {Text(command.Usage)}\n{Text(command.Description)}\n");
        foreach (var argument in command.Command.Arguments)
            Item(page, $".I {Text(argument.HelpName ?? argument.Name)}", argument.Description ?? "");
        foreach (var option in command.Options.Where(option => option is not System.CommandLine.Help.HelpOption))
            Option(page, option);
    }

    private static void Option(StringBuilder page, Option option)
    {
        var names = string.Join(", ", CommandPage.Names(option).Select(name => $"\\fB{Text(name)}\\fR"));
        var value = CommandPage.Value(option) is { } shown ? $" \\fI{Text(shown)}\\fR" : "";
        var choices = CommandPage.Choices(option);
        Item(page, names + value, option.Description + (choices.Count > 0 ? $" One of: {string.Join(", ", choices)}." : ""));
    }

    private static void Section(StringBuilder page, string name, string roff) => page.Append($".SH {name}\n{roff}\n");

    private static void Item(StringBuilder page, string head, string text, bool isRoff = false) => page.Append($".TP\n{head}\n{(isRoff ? text : Text(text))}\n");

    /// <summary>Plain text in roff: a backslash begins a command there, and so does a dot or an apostrophe at a line's beginning.</summary>
    private static string Text(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).ReplaceLineEndings(" ");
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
