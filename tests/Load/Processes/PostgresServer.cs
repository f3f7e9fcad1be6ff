using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AiPlatform.Load.CommandLine;
using Npgsql;

namespace AiPlatform.Load.Processes;

/// <summary>A PostgreSQL server of the run's own, with its own data and port, so that it can be killed.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/postgresql/15/bin";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly int _port;

    private ChildProcess? _process;

    private PostgresServer(string folder, int port, string connectionString)
    {
        (_folder, _port, ConnectionString) = (folder, port, connectionString);
    }

    /// <summary>How an administrator connects.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes a server's data and starts it.</summary>
    public static async Task<PostgresServer> CreateAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists($"{Programs}/postgres"))
        {
            throw new UsageException($"PostgreSQL 15 is not installed in {Programs}; run: eng/services up");
        }

        var folder = Directory.CreateTempSubdirectory("aiplatform-postgres-").FullName;
        var password = RandomNumberGenerator.GetHexString(32);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), password, cancellationToken);
        if (IsRoot)
        {
            await RunAsync("chown", ["-R", "postgres:", folder], folder, cancellationToken);
        }

        await RunAsync(
            $"{Programs}/initdb",
            ["--pgdata", Path.Combine(folder, "data"), "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", $"--pwfile={Path.Combine(folder, "password")}"],
            folder,
            cancellationToken,
            asPostgres: true);
        var port = FreePort();
        var server = new PostgresServer(folder, port, new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "postgres",
            Password = password,
            Database = "postgres",
        }.ConnectionString);
        await server.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts it and waits until it takes connections; after a crash it recovers first.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var data = Path.Combine(_folder, "data");
        var (program, arguments) = AsPostgres(
            $"{Programs}/postgres",
            ["-D", data, "-p", $"{_port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300", "-c", "fsync=on"]);
        _process = ChildProcess.StartProgram(program, arguments, _folder);
        _process.IgnoreOutput();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!await IsReadyAsync(patience.Token))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"PostgreSQL did not start.\n{_process.Errors}");
            }

            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Ends all of its processes at once, without a checkpoint (<c>SIGKILL</c>).</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.KillAsync();
            await process.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsRoot => Environment.UserName == "root";

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task RunAsync(
        string program, string[] arguments, string folder, CancellationToken cancellationToken, bool asPostgres = false)
    {
        var (started, all) = asPostgres ? AsPostgres(program, arguments) : (program, arguments);
        await using var process = ChildProcess.StartProgram(started, all, folder);
        process.IgnoreOutput();
        await process.WaitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed.\n{process.Errors}");
        }
    }

    // PostgreSQL refuses to run as root.
    private static (string Program, string[] Arguments) AsPostgres(string program, string[] arguments) =>
        IsRoot ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", program, .. arguments]) : (program, arguments);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
