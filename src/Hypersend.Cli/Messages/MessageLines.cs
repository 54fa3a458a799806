using Hypersend.Cli.Screens;
using Hypersend.Contracts.Messages;

namespace Hypersend.Cli.Messages;

/// <summary>
/// A message as lines of text. What follows on the first line is indented, so that nobody can write a message that looks
/// like somebody else's.
/// </summary>
internal static class MessageLines
{
    private const string Indent = "    ";

    public static void Show(Screen screen, Message message, TimeProvider clock, string mark = "")
    {
        var time = screen.IsTerminal ? Shown.ShortTime(message.CreatedAt, clock) : Shown.Time(message.CreatedAt, clock);
        var name = message.Sender.Name.Length > 0 ? message.Sender.Name : message.Sender.Username;
        var lines = Lines(message).ToList();
        screen.Line($"{time} {name}: ", mark + lines[0]);
        foreach (var line in lines.Skip(1))
            screen.Line(Indent + line);
    }

    private static IEnumerable<string> Lines(Message message)
    {
        if (message.DeletedAt is not null)
            return ["(deleted)"];
        var said = message.System is { } note ? [Told(note)] : message.Content is { Length: > 0 } content ? PlainText.Lines(content) : [];
        var forwarded = message.ForwardedSender is { } from ? [$"(from {from.Name})"] : Array.Empty<string>();
        var files = message.Files.Select(file => $"[file] {file.Filename}  {Shown.Size(file.Size)}  {file.Id}{(file.State == Contracts.Files.FileStates.Ready ? "" : $"  ({file.State})")}");
        return ((IEnumerable<string>)[.. forwarded, .. said, .. files]).DefaultIfEmpty("");
    }

    private static string Told(SystemNote note) => note.Event switch
    {
        SystemEvents.ChatCreated => "* opened the chat",
        SystemEvents.ChatRenamed => $"* called the chat \"{note.Name}\"",
        SystemEvents.UserJoined => $"* {note.User?.Name} came in",
        SystemEvents.UserLeft => $"* {note.User?.Name} left",
        SystemEvents.RoleChanged => $"* {note.User?.Name} is {note.Role} now",
        _ => $"* {note.Event}",
    };
}
