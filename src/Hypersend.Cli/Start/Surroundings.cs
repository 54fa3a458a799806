using System.Text;

namespace Hypersend.Cli.Start;

/// <summary>What a command gets of the process around it; the tests have surroundings of their own.</summary>
internal sealed record Surroundings
{
    /// <summary>The standard input, as bytes. Opened once.</summary>
    public required Lazy<Stream> Input { get; init; }

    /// <summary>The standard output, as bytes. A reader that has gone is an error of the next write.</summary>
    public required Stream Output { get; init; }

    /// <summary>Answers.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Everything about the work: notes, progress, complaints.</summary>
    public required TextWriter Error { get; init; }

    public required bool InputIsTerminal { get; init; }

    public required bool OutputIsTerminal { get; init; }

    public required bool ErrorIsTerminal { get; init; }

    /// <summary>Asks a person for a line; null at the end of the input.</summary>
    public required Func<string, string?> Ask { get; init; }

    /// <summary>Asks a person for a line that nobody else may read over the shoulder.</summary>
    public required Func<string, string?> AskSecretly { get; init; }

    /// <summary>A variable of the environment; null when it is not set, or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    public required TimeProvider Clock { get; init; }

    public static Surroundings OfThisProcess()
    {
        var output = DescriptorStream.Output();
        return new Surroundings
        {
            Input = new Lazy<Stream>(DescriptorStream.Input),
            Output = output,
            Out = new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true },
            Error = Console.Error,
            InputIsTerminal = !Console.IsInputRedirected,
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Ask = Prompts.Ask,
            AskSecretly = Prompts.AskSecretly,
            Variable = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
            Clock = TimeProvider.System,
        };
    }
}
