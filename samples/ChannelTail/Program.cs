// Prints what is published in a channel, the newest ten messages first and then whatever comes:
//
//   HYPERSEND_PASSWORD=... dotnet run --project samples/ChannelTail -- https://chat.example.org ana "Release notes"
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Sdk.Messages;
using Hypersend.Sdk.Realtime;

if (args is not [var server, var name, var title] || Environment.GetEnvironmentVariable("HYPERSEND_PASSWORD") is not { } password)
{
    Console.Error.WriteLine("usage: HYPERSEND_PASSWORD=... ChannelTail SERVER USER CHANNEL");
    return 2;
}

using var client = new HypersendClient(new Uri(server));
await client.Accounts.LoginAsync(new LoginRequest { Login = name, Password = password });
var channels = await client.Channels.ListAsync(limit: 200);
if (channels.Items.FirstOrDefault(channel => channel.Name == title) is not { } mine)
{
    Console.Error.WriteLine($"You read no channel \"{title}\".");
    return 4;
}

await using var live = client.Live();
await live.StartAsync();

// Events are asked for first and the page after them, so that nothing falls between the two.
var events = live.EventsAsync();
var page = await live.LoadAsync(mine.Id, new PageOf { Limit = 10 });
foreach (var message in page.Items)
    Print(message);
var last = page.Items.Count > 0 ? page.Items[^1].Seq : 0;
await foreach (var happened in events)
{
    if (happened is MessageChanged { Before: null } changed && changed.Chat == mine.Id && changed.Message.Seq > last)
        Print(changed.Message);
}

return 0;

static void Print(Message message) => Console.WriteLine($"{message.CreatedAt:u}  {message.Sender.Name}: {message.Content}");
