using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Messages;
using Hypersend.Sdk.Realtime;

namespace Hypersend.Cli.Messages;

/// <summary>Shows what is said in a chat, each message once and in order, whatever the connection does.</summary>
internal sealed class ChatTail(LiveClient live, ChatId chat, Screen screen, TimeProvider clock, bool asJson) : IDisposable
{
    private const int PageSize = 200;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<string> _typedHere = new(StringComparer.Ordinal);
    private long _shown;

    /// <summary>A message that whoever typed it sees on their screen already.</summary>
    public void IsTypedHere(string clientId)
    {
        lock (_typedHere)
            _typedHere.Add(clientId);
    }

    /// <summary>The newest messages; what comes after them is shown by <see cref="FollowAsync"/>.</summary>
    public async Task ShowNewestAsync(int count, CancellationToken cancellation)
    {
        var page = await live.LoadAsync(chat, new PageOf { Limit = Math.Max(1, count) }, cancellation);
        _shown = page.Items.Count > 0 ? page.Items[^1].Seq : 0;
        foreach (var message in page.Items.TakeLast(count))
            Show(message, "");
    }

    public async Task FollowAsync(IAsyncEnumerable<LiveEvent> events, CancellationToken cancellation)
    {
        await foreach (var happened in events.WithCancellation(cancellation))
        {
            switch (happened)
            {
                case MessageChanged changed when changed.Chat == chat && changed.Message.Seq <= _shown:
                    ShowChange(changed);
                    break;
                case MessageChanged { Chat: var changed } when changed == chat:
                case ChatReset { Chat: var reset } when reset == chat:
                case EventsMissed:
                    await CatchUpAsync(cancellation);
                    break;
                case StatusChanged { Status: LiveStatus.Offline }:
                    screen.Note("The connection is lost; it is tried again.");
                    break;
                case ChatGone { Chat: var gone } when gone == chat:
                    throw new StopException(ExitCodes.NotThere, "You are not in this chat any more.");
                default:
                    break;
            }
        }
    }

    /// <summary>Shows everything up to this message, which is stored.</summary>
    public async Task ShowUpToAsync(long seq, CancellationToken cancellation)
    {
        await live.WhenAsync(state => !state.Chats.TryGetValue(chat, out var known) || known.Chat.LastSeq >= seq, cancellation);
        await CatchUpAsync(cancellation);
    }

    public void Dispose() => _turn.Dispose();

    private void ShowChange(MessageChanged changed)
    {
        if (changed.Before is not { } before)
            return;
        if (changed.Message.DeletedAt is not null && before.DeletedAt is null)
            Show(changed.Message, "");
        else if (changed.Message.Content != before.Content)
            Show(changed.Message, "(edited) ");
    }

    /// <summary>Everything after what was shown: from the state where it is whole there, else from the server.</summary>
    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await CatchUpInTurnAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CatchUpInTurnAsync(CancellationToken cancellation)
    {
        while (live.State.Chats.TryGetValue(chat, out var known) && known.Chat.LastSeq > _shown)
        {
            if (known.Messages.TryGetValue(_shown + 1, out var next))
            {
                _shown = next.Seq;
                Show(next, "");
                continue;
            }

            var page = await live.LoadAsync(chat, new PageOf { After = _shown, Limit = PageSize }, cancellation);
            if (page.Items.Count == 0)
                return;
            foreach (var message in page.Items.Where(message => message.Seq > _shown))
            {
                _shown = message.Seq;
                Show(message, "");
            }
        }
    }

    private void Show(Message message, string mark)
    {
        if (asJson)
        {
            screen.Json(message, HypersendJson.Wire.Message);
            return;
        }

        lock (_typedHere)
        {
            if (mark.Length == 0 && message.ClientId is { } id && message.DeletedAt is null && _typedHere.Remove(id))
                return;
        }

        MessageLines.Show(screen, message, clock, mark);
    }
}
