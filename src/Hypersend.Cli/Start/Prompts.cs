using System.Text;

namespace Hypersend.Cli.Start;

/// <summary>Questions to a person at a terminal. They are asked on the error output, so that answers can be redirected.</summary>
internal static class Prompts
{
    public static string? Ask(string question)
    {
        Console.Error.Write(question);
        return Console.ReadLine();
    }

    /// <summary>Shows nothing of what is typed. Ctrl-C is read as a key here, for the terminal must get its echo back first.</summary>
    public static string? AskSecretly(string question)
    {
        var typed = new StringBuilder();
        var before = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        Console.Error.Write(question);
        try
        {
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
                    throw new OperationCanceledException("Interrupted while typing.");
                if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && typed.Length == 0)
                    return null;
                if (key.Key == ConsoleKey.Enter)
                    return typed.ToString();
                if (key.Key == ConsoleKey.Backspace)
                    typed.Length = Math.Max(0, typed.Length - 1);
                else if (!char.IsControl(key.KeyChar))
                    typed.Append(key.KeyChar);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = before;
            Console.Error.WriteLine();
        }
    }
}
