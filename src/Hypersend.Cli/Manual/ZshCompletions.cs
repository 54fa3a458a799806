using System.Text;

namespace Hypersend.Cli.Manual;

/// <summary>The same walk as in bash, with the words' descriptions beside them.</summary>
internal static class ZshCompletions
{
    public static string Of(IReadOnlyList<CommandPage> pages)
    {
        var script = new StringBuilder();
        script.Append(
            """
            #compdef hypersend
            # zsh completion for hypersend: hypersend completions zsh > "${fpath[1]}/_hypersend"
            _hypersend() {
              local at="" word
              local -a offered options
              for word in "${words[@]:1:$((CURRENT - 2))}"; do
                case "$at $word" in

            """);
        script.Append($"      {string.Join("|", pages.Skip(1).Select(page => Quoted(" " + page.Name)))}) at=\"$at $word\" ;;\n");
        script.Append("    esac\n  done\n  case \"$at ${words[CURRENT-1]}\" in\n");
        foreach (var page in pages)
        {
            foreach (var option in page.Options.Where(option => CommandPage.Value(option) is not null))
            {
                var place = page.Path.Count == 0 ? "*" : Quoted(" " + page.Name);
                var patterns = string.Join("|", CommandPage.Names(option).Select(name => place + Quoted(" " + name)));
                var choices = CommandPage.Choices(option);
                script.Append($"    {patterns}) {(choices.Count == 0 ? "_files" : "compadd -- " + string.Join(' ', choices.Select(Quoted)))}; return ;;\n");
            }
        }

        script.Append("  esac\n  case \"$at\" in\n");
        foreach (var page in pages)
            script.Append($"    {Quoted(page.Path.Count == 0 ? "" : " " + page.Name)}) offered=({string.Join(' ', Words(page))}) options=({string.Join(' ', Options(page, pages[0]))}) ;;\n");
        script.Append(
            """
              esac
              if [[ ${words[CURRENT]} == -* ]]; then
                _describe option options
              elif (( $#offered )); then
                _describe hypersend offered
              else
                _files
              fi
            }

            """);
        script.Append("if [ \"$funcstack[1]\" = _hypersend ]; then _hypersend \"$@\"; else compdef _hypersend hypersend; fi\n");
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static IEnumerable<string> Words(CommandPage page) =>
        page.Children.Select(child => Described(child.Name, child.Description))
            .Concat(page.Command.Arguments.SelectMany(CommandPage.Choices).Select(word => Described(word, "")));

    private static IEnumerable<string> Options(CommandPage page, CommandPage program) =>
        page.Options.Concat(program.Options.Where(option => option.Recursive)).DistinctBy(option => option.Name)
            .SelectMany(option => CommandPage.Names(option).Select(name => Described(name, option.Description)));

    private static string Described(string word, string? description) =>
        Quoted(word.Replace(":", "\\:", StringComparison.Ordinal) + (string.IsNullOrEmpty(description) ? "" : ":" + description));

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
