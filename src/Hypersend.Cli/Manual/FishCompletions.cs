using System.CommandLine;
using System.Text;

namespace Hypersend.Cli.Manual;

/// <summary>One line for each word that may follow, with the command after which it may: a function walks to that as in bash.</summary>
internal static class FishCompletions
{
    // What these stand for are files of this machine; of anything else fish must not offer files.
    private static readonly string[] Files = ["FILE", "FOLDER", "PLACE"];

    public static string Of(IReadOnlyList<CommandPage> pages)
    {
        var script = new StringBuilder("# fish completion for hypersend: hypersend completions fish > ~/.config/fish/completions/hypersend.fish\n");
        script.Append(
            $$"""
            function __hypersend_at
                set -l at ''
                set -l typed (commandline -opc)
                set -e typed[1]
                for word in $typed
                    switch "$at $word"
                        case {{string.Join(' ', pages.Skip(1).Select(page => Quoted(" " + page.Name)))}}
                            set at "$at $word"
                    end
                end
                test "$at" = "$argv[1]"
            end

            """);
        foreach (var page in pages)
        {
            var at = "-n " + Quoted("__hypersend_at " + Quoted(page.Path.Count == 0 ? "" : " " + page.Name));
            if (!page.Command.Arguments.Any(argument => Files.Contains(argument.HelpName ?? argument.Name)))
                script.Append($"complete -c hypersend -f {at}\n");
            foreach (var child in page.Children)
                script.Append($"complete -c hypersend {at} -a {Quoted(child.Name)} -d {Quoted(child.Description)}\n");
            foreach (var word in page.Command.Arguments.SelectMany(CommandPage.Choices))
                script.Append($"complete -c hypersend {at} -a {Quoted(word)}\n");
            foreach (var option in page.Options)
                script.Append($"complete -c hypersend{(option.Recursive ? "" : " " + at)}{Names(option)}{Value(option)} -d {Quoted(option.Description)}\n");
        }

        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string Names(Option option) =>
        string.Concat(CommandPage.Names(option).Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : name.Length == 2 && name != "-?" ? $" -s {name[1..]}" : ""));

    private static string Value(Option option)
    {
        if (CommandPage.Value(option) is not { } value)
            return "";
        var choices = CommandPage.Choices(option);
        return choices.Count > 0 ? $" -x -a {Quoted(string.Join(' ', choices))}" : Files.Contains(value) ? " -r -F" : " -x";
    }

    private static string Quoted(string? text) => "'" + (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}
