using Hypersend.Sdk.Accounts;
using Hypersend.Sdk.Admin;
using Hypersend.Sdk.Calls;
using Hypersend.Sdk.Chats;
using Hypersend.Sdk.Files;
using Hypersend.Sdk.Messages;
using Hypersend.Sdk.Push;
using Hypersend.Sdk.Realtime;
using Hypersend.Sdk.Search;
using Hypersend.Sdk.Server;
using Hypersend.Sdk.Transfers;
using Hypersend.Sdk.Updates;
using Hypersend.Sdk.Users;

namespace Hypersend.Sdk;

/// <summary>
/// One person's connection to a Hypersend server, a client for each noun of its interface. Sign in with
/// <c>client.Accounts</c>, or start with tokens that were kept; the access token is renewed without being asked for.
/// Safe to use from many threads.
/// </summary>
public sealed class HypersendClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly bool _ownsHttp;
    private readonly SessionKeeper _session;
    private readonly TimeProvider _clock;

    /// <summary>Connects to the server at <paramref name="address"/>, for example <c>http://localhost:8000</c>.</summary>
    public HypersendClient(Uri address, HypersendOptions? options = null)
        : this(MakeHttp(address, options), options, ownsHttp: true)
    {
    }

    /// <summary>Uses a client that the caller made and disposes; its base address is the server.</summary>
    public HypersendClient(HttpClient http, HypersendOptions? options = null)
        : this(http, options, ownsHttp: false)
    {
    }

    private HypersendClient(HttpClient http, HypersendOptions? options, bool ownsHttp)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.BaseAddress is null)
            throw new ArgumentException("The client needs the server's address as its BaseAddress.", nameof(http));
        _http = http;
        _ownsHttp = ownsHttp;
        var settings = options ?? new HypersendOptions();
        _clock = settings.Clock;
        _session = new SessionKeeper(http, settings);
        var caller = new ApiCaller(http, _session);
        Accounts = new AccountsClient(caller, _session);
        Users = new UsersClient(caller, _session);
        Chats = new ChatsClient(caller);
        Messages = new MessagesClient(caller);
        Groups = new GroupsClient(caller);
        Channels = new ChannelsClient(caller, Messages);
        Rooms = new RoomsClient(caller);
        Files = new FilesClient(caller);
        Search = new SearchClient(caller);
        Transfers = new TransfersClient(caller, _session, http.BaseAddress, _clock);
        Realtime = new RealtimeClient(caller);
        Push = new PushClient(caller);
        Admin = new AdminClient(caller);
        Updates = new UpdatesClient(caller);
        Server = new ServerClient(caller);
    }

    /// <summary>Registration, sign-in, passwords, sessions, two-step verification.</summary>
    public AccountsClient Accounts { get; }

    /// <summary>Profiles, pictures, search, and the people around me.</summary>
    public UsersClient Users { get; }

    /// <summary>Conversations, and who is in them.</summary>
    public ChatsClient Chats { get; }

    /// <summary>What is said in them.</summary>
    public MessagesClient Messages { get; }

    /// <summary>The chats that are groups.</summary>
    public GroupsClient Groups { get; }

    /// <summary>The chats that are channels.</summary>
    public ChannelsClient Channels { get; }

    /// <summary>The chats that are rooms.</summary>
    public RoomsClient Rooms { get; }

    /// <summary>Files: sending them, and what is known of them.</summary>
    public FilesClient Files { get; }

    /// <summary>Finding what was said and sent.</summary>
    public SearchClient Search { get; }

    /// <summary>Files that go straight to somebody.</summary>
    public TransfersClient Transfers { get; }

    /// <summary>Events by long poll; see <see cref="Live"/> for the socket.</summary>
    public RealtimeClient Realtime { get; }

    /// <summary>Devices that are told while they are closed.</summary>
    public PushClient Push { get; }

    /// <summary>What server admins see and change.</summary>
    public AdminClient Admin { get; }

    /// <summary>Releases of the clients.</summary>
    public UpdatesClient Updates { get; }

    /// <summary>The server itself: its name, its health.</summary>
    public ServerClient Server { get; }

    /// <summary>The tokens in use; null when nobody is signed in.</summary>
    public SessionTokens? Tokens => _session.Tokens;

    /// <summary>
    /// The tokens were replaced, or with null forgotten. Store them here: it is called before the first request goes out
    /// that uses the new ones.
    /// </summary>
    public event Action<SessionTokens?>? TokensChanged
    {
        add => _session.Changed += value;
        remove => _session.Changed -= value;
    }

    /// <summary>A live connection of whoever is signed in; start it, and dispose it when it is not needed any more.</summary>
    public LiveClient Live(LiveOptions? options = null) => new(_http.BaseAddress!, _session, Messages, options ?? new LiveOptions(), _clock);

    /// <summary>Goes on with tokens from elsewhere; null forgets those in use.</summary>
    public void UseTokens(SessionTokens? tokens) => _session.Use(tokens);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsHttp)
            _http.Dispose();
    }

    private static HttpClient MakeHttp(Uri address, HypersendOptions? options)
    {
        ArgumentNullException.ThrowIfNull(address);
        var handler = options?.Handler;
        return new HttpClient(handler ?? new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, disposeHandler: handler is null)
        {
            BaseAddress = address,

            // Each call has its own patience: a chunk on a bad line takes longer than a question.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }
}
