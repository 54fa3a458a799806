using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;

namespace Hypersend.Seed;

/// <summary>Somebody who is signed in; an account is made when there is none yet.</summary>
internal sealed class Guest : IDisposable
{
    private Guest(HypersendClient client, UserId id, string username) => (Client, Id, Username) = (client, id, username);

    public HypersendClient Client { get; }

    public UserId Id { get; }

    public string Username { get; }

    public static async Task<Guest> ArriveAsync(Uri address, string username, string name, string password)
    {
        var client = new HypersendClient(address);
        var account = new RegisterRequest { Username = username, Email = username + "@example.org", Name = name, Password = password };
        try
        {
            var made = await client.Accounts.RegisterAsync(account);
            return new Guest(client, made.User.Id, username);
        }
        catch (HypersendException refused) when (refused.Code is ErrorCodes.UsernameTaken or ErrorCodes.EmailTaken)
        {
            var signedIn = await client.Accounts.LoginAsync(new LoginRequest { Login = username, Password = password });
            return new Guest(client, signedIn.User.Id, username);
        }
    }

    public void Dispose() => Client.Dispose();
}
