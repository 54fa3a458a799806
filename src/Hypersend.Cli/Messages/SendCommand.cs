using System.CommandLine;
using System.Globalization;
using Hypersend.Cli.Chats;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Sdk.Messages;

namespace Hypersend.Cli.Messages;

/// <summary>One message to a chat.</summary>
internal sealed class SendCommand : Verb
{
    private const int Tries = 4;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);

    private readonly Argument<string[]> _text = new("TEXT") { Description = "What to say; \"-\" reads it from the standard input.", Arity = ArgumentArity.OneOrMore };

    private readonly Option<string> _to = new("--to", "-t") { Description = $"The chat: {ChatFinder.Naming}.", HelpName = "CHAT", Required = true };

    public SendCommand(Workplace place)
        : base(place, "send", "Send a message.")
    {
        Add(_text);
        Add(_to);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var words = line.GetRequiredValue(_text);
        var text = words is ["-"] ? (await Place.ReadInputAsync(cancellation)).TrimEnd('\r', '\n') : string.Join(' ', words);
        if (string.IsNullOrWhiteSpace(text))
            throw new StopException(ExitCodes.WrongUsage, "There is nothing to send: the text is empty.");
        if (text.EnumerateRunes().Count() is > SendMessageRequest.MaxContent and var length)
            throw new StopException(ExitCodes.WrongUsage, string.Create(CultureInfo.InvariantCulture, $"The text has {length} characters, and a message takes {SendMessageRequest.MaxContent}: send it as a file."));
        using var signedIn = Place.SignIn(line);
        var chat = await ChatFinder.FindAsync(signedIn.Client, line.GetRequiredValue(_to), cancellation);
        var sent = await SendAsync(signedIn.Client, new SendMessageRequest
        {
            ChatId = chat.Id,
            Content = text,
            ClientId = Guid.CreateVersion7(Place.Around.Clock.GetUtcNow()).ToString(),
        }, cancellation);
        if (WantsJson(line))
            Screen.Json(sent.Message!, HypersendJson.Wire.Message);
    }

    /// <summary>The client id makes a message whose answer was lost the same one when it is sent again.</summary>
    private async Task<SentMessage> SendAsync(HypersendClient client, SendMessageRequest request, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await client.Messages.SendAsync(request, cancellation);
            }
            catch (Exception exception) when (tries < Tries && (exception is HttpRequestException or HypersendException { Status: >= 500 }))
            {
                Screen.Note("The server did not take it; it is tried again.");
            }

            await Task.Delay(FirstWait * tries, Place.Around.Clock, cancellation);
        }
    }
}
