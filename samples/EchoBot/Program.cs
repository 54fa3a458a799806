// Answers every direct message with its own words:
//
//   HYPERSEND_PASSWORD=... dotnet run --project samples/EchoBot -- https://chat.example.org echo
//
// The connection comes back by itself and misses nothing: what was written while the line was down is answered when it is back.
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;

if (args is not [var server, var name] || Environment.GetEnvironmentVariable("HYPERSEND_PASSWORD") is not { } password)
{
    Console.Error.WriteLine("usage: HYPERSEND_PASSWORD=... EchoBot SERVER USER");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var client = new HypersendClient(new Uri(server));
await client.Accounts.LoginAsync(new LoginRequest { Login = name, Password = password }, stop.Token);
await using var live = client.Live();
var me = (await live.StartAsync(stop.Token)).Me!;
Console.WriteLine($"Listening as @{me.Username}; Ctrl-C ends it.");
try
{
    await foreach (var happened in live.EventsAsync(stop.Token))
    {
        // "Before" is null of a message that is new; edits and reactions come as the same event.
        if (happened is not MessageChanged { Before: null, Message: { Type: MessageTypes.Text, Content: { } said } message })
            continue;
        if (message.Sender.Id == me.Id || live.State.Chats[message.ChatId].Chat.Type != ChatTypes.Direct)
            continue;
        live.Send(new SendMessageRequest { ChatId = message.ChatId, Content = said, ReplyTo = message.Id });
    }
}
catch (OperationCanceledException)
{
    Console.WriteLine("Bye.");
}

return 0;
