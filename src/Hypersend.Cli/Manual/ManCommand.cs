using System.CommandLine;
using Hypersend.Cli.Start;

namespace Hypersend.Cli.Manual;

/// <summary>The manual, made of the same words as the help.</summary>
internal sealed class ManCommand(Workplace place)
    : Verb(place, "man", "Print the manual page: hypersend man | man -l -")
{
    protected override Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        Screen.Raw(ManPage.Of(CommandPage.All((RootCommand)line.RootCommandResult.Command)));
        return Task.CompletedTask;
    }
}
