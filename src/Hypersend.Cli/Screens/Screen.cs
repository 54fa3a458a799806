using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Cli.Start;
using Spectre.Console;

namespace Hypersend.Cli.Screens;

/// <summary>
/// What a command says. Answers go to the standard output; what is said about the work goes to the error output, and
/// only when a person sits there. Everything that is printed as text is made harmless first.
/// </summary>
internal sealed class Screen(Surroundings around)
{
    private readonly bool _mayColour = around.Variable("NO_COLOR") is null && around.Variable("TERM") is not (null or "dumb");

    /// <summary>Whether a person reads the answers.</summary>
    public bool IsTerminal => around.OutputIsTerminal;

    /// <summary>Whether a person sees how the work goes.</summary>
    public bool ShowsWork => around.ErrorIsTerminal;

    /// <summary>For progress and the like; it says nothing where no person sees it.</summary>
    public IAnsiConsole Work => field ??= ConsoleOn(around.Error, around.ErrorIsTerminal);

    public void Line(string text) => around.Out.WriteLine(PlainText.OneLine(text));

    /// <summary>A line whose beginning stands out on a terminal that shows colours.</summary>
    public void Line(string head, string rest)
    {
        var (clean, tail) = (PlainText.OneLine(head), PlainText.OneLine(rest));
        around.Out.WriteLine(around.OutputIsTerminal && _mayColour ? $"\e[1m{clean}\e[0m{tail}" : clean + tail);
    }

    /// <summary>Our own text, exactly as it is.</summary>
    public void Raw(string text) => around.Out.Write(text);

    public void Json<T>(T value, JsonTypeInfo<T> type) => around.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Columns for a person, or fields between tabs for a program.</summary>
    public void Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (!around.OutputIsTerminal)
        {
            foreach (var row in rows)
                around.Out.WriteLine(string.Join('\t', row.Select(PlainText.OneLine)));
            return;
        }

        var table = new Table().Border(TableBorder.None);
        foreach (var head in heads)
            table.AddColumn(new TableColumn(new Text(head, new Style(decoration: Decoration.Bold))) { NoWrap = head == "ID" }.PadRight(2));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(PlainText.OneLine(cell))));
        ConsoleOn(around.Out, isTerminal: true).Write(table);
    }

    /// <summary>A word about the work, for a person.</summary>
    public void Note(string text)
    {
        if (around.ErrorIsTerminal)
            around.Error.WriteLine(PlainText.OneLine(text));
    }

    /// <summary>Something that whoever runs the command has to know, person or not.</summary>
    public void Complain(string text)
    {
        foreach (var line in PlainText.Lines($"hypersend: {text}"))
            around.Error.WriteLine(line);
    }

    private IAnsiConsole ConsoleOn(TextWriter writer, bool isTerminal) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = isTerminal && around.Variable("TERM") is not (null or "dumb") ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = isTerminal && _mayColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
    });
}
