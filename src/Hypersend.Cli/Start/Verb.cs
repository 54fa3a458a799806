using System.CommandLine;
using Hypersend.Cli.Screens;

namespace Hypersend.Cli.Start;

/// <summary>One command: declares what can be said with it, and does it. What goes wrong is thrown; the end of the line turns it into a sentence and a code.</summary>
internal abstract class Verb : Command
{
    protected Verb(Workplace place, string name, string description)
        : base(name, description)
    {
        Place = place;
        SetAction(RunAsync);
    }

    protected Workplace Place { get; }

    protected Screen Screen => Place.Screen;

    protected abstract Task RunAsync(ParseResult line, CancellationToken cancellation);

    protected bool WantsJson(ParseResult line) => line.GetValue(Place.Options.Json);
}
