using Microsoft.AspNetCore.SignalR;

// The least a SignalR chat can be: who connects is in the group, what one says goes to all of it. Nothing is stored.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Error);

// The load generator's listeners say nothing for minutes; everything else is as it comes.
builder.Services.AddSignalR(options => options.ClientTimeoutInterval = TimeSpan.FromHours(1));
var app = builder.Build();
app.MapGet("/ready", () => "yes");
app.MapGet("/heap", () => GC.GetTotalMemory(forceFullCollection: false));
app.MapHub<Chat>("/chat");
app.Run();

internal sealed class Chat : Hub
{
    private const string Everybody = "everybody";

    public override Task OnConnectedAsync() => Groups.AddToGroupAsync(Context.ConnectionId, Everybody);

    public Task Say(string text) => Clients.Group(Everybody).SendAsync("message", text);
}
