using System.Data.Common;
using System.Net.Sockets;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared;

/// <summary>Puts the ways in which a start fails into words that say what to do.</summary>
internal static class StartFailure
{
    private const string Server = "Microsoft.AspNetCore.Server.Kestrel.Core";

    /// <summary>What the operator can do; <see langword="null"/> for a failure that only a stack trace explains.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        OptionsValidationException wrong => Wrong(wrong.Failures),
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            Wrong(several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(wrong => wrong.Failures)),
        PendingMigrationsException or NewerDatabaseException => failure.Message,
        DbException database => $"The database cannot be used: {database.Message} Check Database:Provider and ConnectionStrings:Default.",
        SocketException or IOException { InnerException: SocketException or Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"{failure.Message} Set Urls to a free address of this machine, for example Urls=http://localhost:8081.",
        InvalidOperationException { Source: Server } address => $"Urls cannot be served: {address.Message}",
        IOException or UnauthorizedAccessException =>
            $"{failure.Message} Check the working directory, ConnectionStrings:Default, Storage:Path and Security:PepperFile.",
        _ => null,
    };

    private static string Wrong(IEnumerable<string> failures) =>
        string.Join(Environment.NewLine, failures.Distinct().Select(failure => $"Wrong configuration: {failure}"));
}
