using System.Text;

namespace Hypersend.Cli.Manual;

/// <summary>A function that walks over the words typed so far to the command they name, and offers what can follow there.</summary>
internal static class BashCompletions
{
    public static string Of(IReadOnlyList<CommandPage> pages)
    {
        var script = new StringBuilder();
        script.Append(
            """
            # bash completion for hypersend: source <(hypersend completions bash)
            _hypersend() {
              local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at="" i
              for ((i = 1; i < COMP_CWORD; i++)); do
                case "$at ${COMP_WORDS[i]}" in

            """);
        script.Append($"      {string.Join(" | ", pages.Skip(1).Select(page => $"\" {page.Name}\""))}) at=\"$at ${{COMP_WORDS[i]}}\" ;;\n");
        script.Append("    esac\n  done\n  case \"$at $prev\" in\n");
        foreach (var page in pages)
        {
            foreach (var option in page.Options.Where(option => CommandPage.Value(option) is not null))
            {
                var place = page.Path.Count == 0 ? "*" : $"\" {page.Name}\"";
                var patterns = string.Join(" | ", CommandPage.Names(option).Select(name => $"{place}\" {name}\""));
                script.Append($"    {patterns}) COMPREPLY=($(compgen -W \"{string.Join(' ', CommandPage.Choices(option))}\" -- \"$cur\")); return ;;\n");
            }
        }

        // Where nothing of ours fits, the shell offers files: so options come only to whoever begins with a dash.
        script.Append("  esac\n  COMPREPLY=()\n  if [[ $cur == -* ]]; then\n    case \"$at\" in\n");
        foreach (var page in pages)
            script.Append($"      {At(page)}) COMPREPLY=($(compgen -W \"{string.Join(' ', Options(page, pages[0]))}\" -- \"$cur\")) ;;\n");
        script.Append("    esac\n    return\n  fi\n  case \"$at\" in\n");
        foreach (var page in pages.Where(page => Words(page).Any()))
            script.Append($"    {At(page)}) COMPREPLY=($(compgen -W \"{string.Join(' ', Words(page))}\" -- \"$cur\")) ;;\n");
        script.Append("  esac\n}\ncomplete -o default -F _hypersend hypersend\n");
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static string At(CommandPage page) => $"\"{(page.Path.Count == 0 ? "" : " " + page.Name)}\"";

    private static IEnumerable<string> Words(CommandPage page) =>
        page.Children.Select(child => child.Name).Concat(page.Command.Arguments.SelectMany(CommandPage.Choices));

    private static IEnumerable<string> Options(CommandPage page, CommandPage program) =>
        page.Options.SelectMany(CommandPage.Names)
            .Concat(program.Options.Where(option => option.Recursive).SelectMany(CommandPage.Names))
            .Where(word => word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
            .Distinct();
}
