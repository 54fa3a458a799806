using System.Text;

namespace Hypersend.Server.Start.Verbs;

/// <summary>Somebody at a keyboard.</summary>
internal static class Terminal
{
    /// <summary>Asks for a line that the screen does not show; null where nobody sits.</summary>
    public static Func<string, string>? AskHidden => Console.IsInputRedirected ? null : ReadHidden;

    private static string ReadHidden(string question)
    {
        var line = new StringBuilder();

        // Said before the question: it takes the echo away, which the first key would do too late for who types at once.
        Console.TreatControlCAsInput = true;
        Console.Error.Write(question);
        try
        {
            while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
            {
                if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
                    throw new OperationCanceledException("Interrupted while typing.");
                if (key.Key == ConsoleKey.Backspace)
                    line.Length = Math.Max(0, line.Length - 1);
                else if (!char.IsControl(key.KeyChar))
                    line.Append(key.KeyChar);
            }

            return line.ToString();
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            Console.Error.WriteLine();
        }
    }
}
