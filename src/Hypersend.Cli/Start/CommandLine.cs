using System.CommandLine;
using System.CommandLine.Invocation;

namespace Hypersend.Cli.Start;

/// <summary>A line from its words to its exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> words, Surroundings around, CancellationToken cancellation)
    {
        var place = new Workplace(around);
        var commands = Program.Commands(place);

        // Without a replacer, for "@ana" is a person here and no file with more words.
        var line = commands.Parse(words.Count == 0 ? ["--help"] : words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (line.Action is ParseErrorAction)
            return Refuse(line, place);
        var invocation = new InvocationConfiguration
        {
            Output = around.Out,
            Error = around.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await line.InvokeAsync(invocation, cancellation);
        }
        catch (Exception exception)
        {
            // The one place where what went wrong becomes a sentence and a code, whatever it was.
            var complaint = Complaint.About(exception, place, cancellation);
            if (complaint.Sentence is { } sentence)
                place.Screen.Complain(sentence);
            return complaint.Code;
        }
    }

    private static int Refuse(ParseResult line, Workplace place)
    {
        // A word that is no command makes two errors, of which the last one names it.
        place.Screen.Complain($"{line.Errors[^1].Message.TrimEnd('.')}. See {Usage(line)} --help");
        return ExitCodes.WrongUsage;
    }

    private static string Usage(ParseResult line)
    {
        var names = new List<string>();
        for (Symbol? symbol = line.CommandResult.Command; symbol is not null; symbol = symbol.Parents.FirstOrDefault())
            names.Insert(0, symbol is RootCommand ? "hypersend" : symbol.Name);
        return string.Join(' ', names);
    }
}
