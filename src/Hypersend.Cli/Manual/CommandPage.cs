using System.CommandLine;
using System.CommandLine.Completions;

namespace Hypersend.Cli.Manual;

/// <summary>A command as the manual and the completions see it: its place in the tree, and what can be said with it.</summary>
internal sealed record CommandPage(IReadOnlyList<string> Path, Command Command)
{
    /// <summary>As <c>admin users</c>; empty for the whole program.</summary>
    public string Name => string.Join(' ', Path);

    public string Description => Command.Description ?? "";

    public IReadOnlyList<Command> Children => [.. Command.Subcommands.Where(command => !command.Hidden)];

    /// <summary>What is said of this command alone; the program's own page has those of all commands.</summary>
    public IReadOnlyList<Option> Options => [.. Command.Options.Where(option => !option.Hidden)];

    public string Usage
    {
        get
        {
            var words = new List<string> { "hypersend" };
            words.AddRange(Path);
            if (Children.Count > 0)
                words.Add(Command.Action is null ? "COMMAND" : "[COMMAND]");
            words.AddRange(Command.Arguments.Select(argument => Shape(argument)));
            words.AddRange(Options.Where(option => option.Required).Select(option => $"{option.Name} {Value(option)}"));
            if (Options.Any(option => !option.Required) || Path.Count > 0)
                words.Add("[OPTIONS]");
            return string.Join(' ', words);
        }
    }

    /// <summary>The page of the program, then one of each command in the order of the help.</summary>
    public static IReadOnlyList<CommandPage> All(RootCommand program)
    {
        var pages = new List<CommandPage>();
        Add(new CommandPage([], program), pages);
        return pages;
    }

    /// <summary>The name and other names of an option.</summary>
    public static IReadOnlyList<string> Names(Option option) => [option.Name, .. option.Aliases.Where(alias => alias.StartsWith('-') && alias != option.Name)];

    /// <summary>What stands for the option's value; null of a switch.</summary>
    public static string? Value(Option option) =>
        option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) || option.ValueType == typeof(void) ? null : option.HelpName ?? "VALUE";

    /// <summary>The values that an option takes, where they can be counted.</summary>
    public static IReadOnlyList<string> Choices(Option option) => Value(option) is null ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];

    public static IReadOnlyList<string> Choices(Argument argument) => [.. argument.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];

    private static void Add(CommandPage page, List<CommandPage> pages)
    {
        pages.Add(page);
        foreach (var child in page.Children)
            Add(new CommandPage([.. page.Path, child.Name], child), pages);
    }

    private static string Shape(Argument argument)
    {
        var name = argument.HelpName ?? argument.Name;
        return (argument.Arity.MinimumNumberOfValues, argument.Arity.MaximumNumberOfValues) switch
        {
            (0, 1) => $"[{name}]",
            (0, _) => $"[{name}...]",
            (_, 1) => name,
            _ => $"{name}...",
        };
    }
}
