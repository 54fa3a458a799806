using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Push;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Offers and their answers.</summary>
public sealed class TransferTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task An_offer_reaches_the_other_and_its_answer_comes_back()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        await using var mine = await SocketClient.OpenAsync(app, ana);
        await using var theirs = await SocketClient.OpenAsync(app, bela);

        var offered = await ana.Transfers.OfferAsync(new OfferTransferRequest { ReceiverId = bela.Id, Filename = "../film.mkv", Size = 20_000_000, Mime = "video/x-matroska" });
        var offer = (await theirs.NextAsync("transfer.offer"))["transfer"]!;
        var accepted = await bela.Transfers.AcceptAsync(offered.TransferId);
        await mine.NextAsync("transfer.accepted");

        Assert.Equal(("offered", ana.Username, 8 * 1024 * 1024, 3),
            ((string?)offer["state"], (string?)offer["sender"]!["username"], (int)offer["chunk_size"]!, (int)offer["total_chunks"]!));
        Assert.DoesNotContain("/", (string)offer["filename"]!, StringComparison.Ordinal);
        Assert.EndsWith($"/api/v1/p2p/sender/{offered.TransferId}", offered.SenderWsUrl, StringComparison.Ordinal);
        Assert.StartsWith("ws://", offered.ReceiverWsUrl, StringComparison.Ordinal);
        Assert.Equal(TransferStates.Accepted, accepted.State);
        Assert.Equal(accepted, await bela.Transfers.AcceptAsync(offered.TransferId));
        Assert.Equal(accepted, await ana.Transfers.GetAsync(offered.TransferId));
    }

    [Fact]
    public async Task What_is_rejected_or_cancelled_stays_so()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var (rejected, cancelled) = (await ana.OfferAsync(bela, 5), await ana.OfferAsync(bela, 5));
        await using var mine = await SocketClient.OpenAsync(app, ana);

        await bela.Transfers.RejectAsync(rejected);
        await mine.NextAsync("transfer.rejected");
        await ana.Transfers.CancelAsync(cancelled);
        Assert.Equal("cancelled", (string?)(await mine.NextAsync("transfer.failed"))["transfer"]!["state"]);

        Assert.Equal(ErrorCodes.TransferEnded, await bela.Transfers.AcceptAsync(rejected).CodeAsync());
        Assert.Equal(ErrorCodes.TransferEnded, await bela.Transfers.AcceptAsync(cancelled).CodeAsync());
        Assert.Equal([cancelled, rejected], (await bela.Transfers.ListAsync()).Items.Select(one => one.Id));
        var page = await ana.Transfers.ListAsync(limit: 1);
        Assert.Equal([rejected], (await ana.Transfers.ListAsync(page.NextCursor, 1)).Items.Select(one => one.Id));
    }

    [Fact]
    public async Task Not_everything_can_be_offered_to_everybody()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        await bela.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { Messages = Audiences.Contacts } });
        Assert.Equal(ErrorCodes.RefusedByPrivacy, await ana.OfferAsync(bela, 1).CodeAsync());
        await bela.Users.BlockAsync(ana.Id);

        Assert.Equal(ErrorCodes.Blocked, await ana.OfferAsync(bela, 1).CodeAsync());
        Assert.Equal(ErrorCodes.CannotTargetSelf, await ana.OfferAsync(ana, 1).CodeAsync());
        Assert.Equal(ErrorCodes.NoSuchPerson, await ana.Transfers.OfferAsync(
            new OfferTransferRequest { ReceiverId = new UserId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), Filename = "x", Size = 1 }).CodeAsync());
        Assert.Equal(ErrorCodes.ValidationFailed, await ana.OfferAsync(app.Admin, 1, chunkSize: 1000).CodeAsync());
        Assert.Equal(ErrorCodes.ValidationFailed, await ana.OfferAsync(app.Admin, -1).CodeAsync());
    }

    [Fact]
    public async Task Signals_go_between_the_two_of_an_open_transfer_and_to_nobody_else()
    {
        var (ana, bela, cora) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("cora"));
        var id = await ana.OfferAsync(bela, 5);
        await using var mine = await SocketClient.OpenAsync(app, ana);
        await using var theirs = await SocketClient.OpenAsync(app, bela);
        await using var stranger = await SocketClient.OpenAsync(app, cora);

        await mine.SendAsync($$$"""{"type":"signal","id":1,"to":"{{{bela.Id}}}","transfer_id":"{{{id}}}","data":{"sdp":"v=0"}}""");
        await mine.NextAsync("ack");
        var heard = await theirs.NextAsync("signal");
        Assert.Equal((ana.Id.ToString(), id.ToString(), "v=0"), ((string?)heard["from"], (string?)heard["transfer_id"], (string?)heard["data"]!["sdp"]));

        await stranger.SendAsync($$"""{"type":"signal","id":2,"to":"{{bela.Id}}","transfer_id":"{{id}}","data":1}""");
        Assert.Equal(ErrorCodes.NotFound, (string?)(await stranger.NextAsync("error"))["code"]);
        await mine.SendAsync($$"""{"type":"signal","id":3,"to":"{{cora.Id}}","transfer_id":"{{id}}","data":1}""");
        Assert.Equal(ErrorCodes.NotFound, (string?)(await mine.NextAsync("error"))["code"]);
        await mine.SendAsync($$"""{"type":"signal","id":5,"to":"{{bela.Id}}","transfer_id":"{{id}}","data":"{{new string('x', 64 * 1024)}}"}""");
        Assert.Equal(ErrorCodes.TooLarge, (string?)(await mine.NextAsync("error"))["code"]);
        await mine.SendAsync($$"""{"type":"signal","id":6,"to":"{{bela.Id}}","call_id":"{{id}}","data":1}""");
        Assert.Equal(ErrorCodes.NotFound, (string?)(await mine.NextAsync("error"))["code"]);
        await bela.Users.BlockAsync(ana.Id);
        await mine.SendAsync($$"""{"type":"signal","id":4,"to":"{{bela.Id}}","transfer_id":"{{id}}","data":1}""");
        Assert.Equal(ErrorCodes.NotFound, (string?)(await mine.NextAsync("error"))["code"]);
    }

    [Fact]
    public async Task Nobody_takes_an_offer_for_a_day_and_it_is_over()
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var other = await App.StartAsync(clock, "--TURN_URLS=turn:turn.example.org", "--TURN_SECRET=between us", "--STUN_URLS=stun:stun.example.org", "--ACCESS_TOKEN_MINUTES=60");
        var (ana, bela) = (await other.SignUpAsync("ana"), await other.SignUpAsync("bela"));
        var id = await ana.OfferAsync(bela, 5);

        var ice = await ana.Transfers.GetIceAsync();
        var turn = ice.Servers.Single(server => server.Username is not null);
        Assert.Equal(["stun:stun.example.org"], ice.Servers[0].Urls);
        Assert.Equal($"{clock.GetUtcNow().AddSeconds(ice.ExpiresIn).ToUnixTimeSeconds()}:{ana.Id}", turn.Username);
#pragma warning disable CA5350 // As the TURN server computes it.
        Assert.Equal(Convert.ToBase64String(HMACSHA1.HashData("between us"u8, Encoding.UTF8.GetBytes(turn.Username!))), turn.Credential);
#pragma warning restore CA5350

        clock.Advance(TimeSpan.FromHours(25));
        var again = await other.SignInAsync(ana);
        await using var mine = await SocketClient.OpenAsync(other, again);
        await Eventually.TrueAsync(async () => (await again.Transfers.GetAsync(id)).State == TransferStates.Expired);

        await using var relay = await other.RelayAsync(again, "sender", id);
        Assert.Equal(RelayWords.Unknown, (await relay.Closed).Code);
    }
}
