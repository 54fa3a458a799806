using System.CommandLine;
using Hypersend.Cli.Start;

namespace Hypersend.Cli.Manual;

/// <summary>What a shell has to know to complete our commands.</summary>
internal sealed class CompletionsCommand : Verb
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh or fish." };

    public CompletionsCommand(Workplace place)
        : base(place, "completions", "Print the completions for a shell. For bash: source <(hypersend completions bash)") => Add(_shell.AcceptOnlyFromAmong("bash", "zsh", "fish"));

    protected override Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var pages = CommandPage.All((RootCommand)line.RootCommandResult.Command);
        Screen.Raw(line.GetRequiredValue(_shell) switch
        {
            "bash" => BashCompletions.Of(pages),
            "zsh" => ZshCompletions.Of(pages),
            _ => FishCompletions.Of(pages),
        });
        return Task.CompletedTask;
    }
}
