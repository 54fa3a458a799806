using System.CommandLine;
using Hypersend.Cli.Chats;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;

namespace Hypersend.Cli.Messages;

/// <summary>A chat as a terminal shows it: what is said comes in, what is typed goes out.</summary>
internal sealed class ChatCommand : Verb
{
    /// <summary>How many lines of a pipe are on their way at once.</summary>
    private const int MostOnTheirWay = 64;

    private static readonly TimeSpan FirstConnection = TimeSpan.FromSeconds(60);

    private readonly Argument<string> _chat = new("CHAT") { Description = $"The chat: {ChatFinder.Naming}." };

    private readonly Option<int> _last = new("--last", "-n")
    {
        Description = "How many messages of before to show.",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 20,
    };

    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Only show; the standard input is left alone, and it goes on until Ctrl-C." };

    public ChatCommand(Workplace place)
        : base(place, "chat", "Show what is said in a chat, and send what you type. From a pipe, each line is sent, and it ends with the last one.")
    {
        Add(_chat);
        Add(_last);
        Add(_follow);
        _last.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 200)
                result.AddError("--last takes 0 to 200");
        });
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var chat = await ChatFinder.FindAsync(signedIn.Client, line.GetRequiredValue(_chat), cancellation);
        await using var live = signedIn.Client.Live();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var events = live.EventsAsync(done.Token);
        await ConnectAsync(live, cancellation);
        using var tail = new ChatTail(live, chat.Id, Screen, Place.Around.Clock, WantsJson(line));
        await tail.ShowNewestAsync(line.GetValue(_last), cancellation);

        var listening = tail.FollowAsync(events, done.Token);
        if (line.GetValue(_follow))
        {
            await listening;
        }
        else
        {
            var talking = TalkAsync(live, chat.Id, tail, done.Token);
            await await Task.WhenAny(talking, listening);
            await done.CancelAsync();
        }

        if (live.State.Ending is { } ending)
            throw new StopException(ending == LiveEnding.NotAuthenticated ? ExitCodes.NotSignedIn : ExitCodes.NotThere, "The session ended: sign in again with \"hypersend login\".");
    }

    private static async Task ConnectAsync(LiveClient live, CancellationToken cancellation)
    {
        try
        {
            await live.StartAsync(cancellation).WaitAsync(FirstConnection, cancellation);
        }
        catch (TimeoutException)
        {
            throw new StopException(ExitCodes.ServerAway, $"The server answers, but no live connection came about within {FirstConnection.TotalSeconds:0} s: does a proxy stand in between that does not pass on WebSocket?");
        }
    }

    private async Task TalkAsync(LiveClient live, ChatId chat, ChatTail tail, CancellationToken cancellation)
    {
        var isPerson = Place.Around.InputIsTerminal;
        var onTheirWay = new Queue<Task<long>>();
        var last = 0L;
        await foreach (var text in InputLines.ReadAsync(Place.Around.Input.Value, cancellation))
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;
            var id = Guid.CreateVersion7(Place.Around.Clock.GetUtcNow()).ToString();
            if (isPerson && Screen.IsTerminal)
                tail.IsTypedHere(id);
            onTheirWay.Enqueue(SendAsync(live, new SendMessageRequest { ChatId = chat, Content = text, ClientId = id }, isPerson, cancellation));
            if (onTheirWay.Count >= MostOnTheirWay)
                last = Math.Max(last, await onTheirWay.Dequeue());
        }

        last = (await Task.WhenAll(onTheirWay)).Append(last).Max();
        await tail.ShowUpToAsync(last, cancellation);
    }

    /// <summary>The message's seq; 0 when it was refused.</summary>
    private async Task<long> SendAsync(LiveClient live, SendMessageRequest request, bool isPerson, CancellationToken cancellation)
    {
        try
        {
            return (await live.SendAsync(request, cancellation)).Message?.Seq ?? 0;
        }
        catch (HypersendException refused) when (isPerson)
        {
            // A person reads why, and goes on; what is refused must not hold up what is typed next.
            live.Discard(request.ClientId!);
            Screen.Complain(Complaint.About(refused, Place, cancellation).Sentence ?? refused.Message);
            return 0;
        }
    }
}
