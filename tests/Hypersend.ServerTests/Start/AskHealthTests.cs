using Hypersend.Server.Start.Verbs;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Start;

public sealed class AskHealthTests
{
    [Fact]
    public async Task It_says_whether_the_server_at_its_address_is_ready_and_ends_accordingly()
    {
        await using var app = await App.StartAsync();
        var node = app.NodeAddresses[0];
        var (code, said) = await AskAsync(node);
        Assert.Equal((ExitCodes.Done, true), (code, said.Contains("is ready.", StringComparison.Ordinal)));

        await app.StopAsync();
        (code, said) = await AskAsync(node);
        Assert.Equal((ExitCodes.Failed, true), (code, said.Contains("does not answer", StringComparison.Ordinal)));
    }

    private static async Task<(int Code, string Said)> AskAsync(Uri address)
    {
        using var said = new StringWriter();
        var call = new VerbCall(TextReader.Null, said, said) { Settings = ["--urls=" + address] };
        return (await new AskHealth { Patience = TimeSpan.FromMinutes(1) }.RunAsync(call, TestContext.Current.CancellationToken), said.ToString());
    }
}
