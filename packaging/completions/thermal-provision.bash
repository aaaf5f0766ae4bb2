# Made from the commands in src/cli/ by `npm run generate`. Do not edit.
_thermal_provision() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'provision status check reset restore adopt decommission label diagnostics explain simulator station demo help --help --version' -- "$current")
    return
  fi
  local command=${COMP_WORDS[1]}
  if [ "$command" = station ] && [ "$COMP_CWORD" -gt 2 ]; then command="station ${COMP_WORDS[2]}"; fi
  case "$command $previous" in
    "provision --directory" | "provision -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "provision --ca-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "provision --server-name") :; return ;;
    "provision --proxy") :; return ;;
    "provision --pinned-public-key") :; return ;;
    "provision --client-certificate-command") :; return ;;
    "provision --device-id-within") :; return ;;
    "provision --metrics") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "provision --log-level") mapfile -t COMPREPLY < <(compgen -W 'silent error warn info debug' -- "$current"); return ;;
    "status --directory" | "status -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "status --metrics") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "check --directory" | "check -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "check --ca-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "check --server-name") :; return ;;
    "check --proxy") :; return ;;
    "check --pinned-public-key") :; return ;;
    "reset --directory" | "reset -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "restore --directory" | "restore -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "adopt --directory" | "adopt -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "adopt --token-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "adopt --device-name") :; return ;;
    "adopt --ca-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "decommission --directory" | "decommission -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "label --directory" | "label -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "label --svg") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "diagnostics --directory" | "diagnostics -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "diagnostics --output") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --port" | "simulator -p") :; return ;;
    "simulator --host") :; return ;;
    "simulator --strategy") mapfile -t COMPREPLY < <(compgen -W 'allow-create check-pre-provisioned x509-chain disabled' -- "$current"); return ;;
    "simulator --key") :; return ;;
    "simulator --secret") :; return ;;
    "simulator --authority") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --version-of-server") :; return ;;
    "simulator --device") :; return ;;
    "simulator --config") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --scenario") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --state") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --record") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --http") :; return ;;
    "simulator --http-host") :; return ;;
    "simulator --tls-cert") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --tls-key") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "demo --keep") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "station import --ledger") :; return ;;
    "station import --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station run --ledger") :; return ;;
    "station run --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station run --ledger-key-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station run --provision-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station run --rest-url") :; return ;;
    "station run --api-key-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station run --device-profile") :; return ;;
    "station run --output") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "station run --template") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station run --method") mapfile -t COMPREPLY < <(compgen -W 'registration provisioning' -- "$current"); return ;;
    "station run --concurrency") :; return ;;
    "station run --station") :; return ;;
    "station status --ledger") :; return ;;
    "station status --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station list --ledger") :; return ;;
    "station list --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station list --state") mapfile -t COMPREPLY < <(compgen -W 'new running waiting proved failed' -- "$current"); return ;;
    "station retry --ledger") :; return ;;
    "station retry --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station show --ledger") :; return ;;
    "station show --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station report --ledger") :; return ;;
    "station report --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station report --format") mapfile -t COMPREPLY < <(compgen -W 'csv json' -- "$current"); return ;;
    "station label --ledger") :; return ;;
    "station label --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station label --labels") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "station export --ledger") :; return ;;
    "station export --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station export --ledger-key-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station export --provision-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station export --output") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "station export --template") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station forget --ledger") :; return ;;
    "station forget --ledger-password-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station forget --ledger-key-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station forget --provision-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station forget --rest-url") :; return ;;
    "station forget --api-key-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "station forget --device-profile") :; return ;;
  esac
  case "$command" in
    'provision') words='--directory --json --human --dry-run --wait --new-identity --no-body --body-replaced --require-tls --ca-file --server-name --proxy --pinned-public-key --client-certificate-command --strict-files --allow-shared-folder --device-id-within --metrics --log-level --version --help' ;;
    'status') words='--directory --json --metrics --is-provisioned --version --help' ;;
    'check') words='--directory --ask-server --try-credentials --require-tls --ca-file --server-name --proxy --pinned-public-key --json --version --help' ;;
    'reset') words='--directory --purge --yes --version --help' ;;
    'restore') words='--directory --json --last-success --force --allow-shared-folder --version --help' ;;
    'adopt') words='--directory --json --token-file --device-name --require-tls --ca-file --allow-shared-folder --version --help' ;;
    'decommission') words='--directory --json --yes --with-provisioning-secret --version --help' ;;
    'label') words='--directory --json --svg --force --version --help' ;;
    'diagnostics') words='--directory --output --without-check --without-files --without-unit --without-log --version --help' ;;
    'explain') words='--version --help USAGE PLATFORM_UNSUPPORTED FOLDER_MISSING TRIGGER_INVALID TRIGGER_NAME_WRONG CREDENTIALS_FILE_MISSING CREDENTIALS_FILE_UNREADABLE CREDENTIALS_FILE_INVALID CONFIG_FILE_UNREADABLE CONFIG_FILE_INVALID AUTHORITIES_FILE_INVALID CLIENT_CERTIFICATE_INVALID TPM_KEY_UNUSABLE CERTIFICATE_COMMAND_UNUSABLE CERTIFICATE_NOT_ISSUED CERTIFICATE_UNUSABLE TLS_REQUIRED PROVISIONING_KEY_WIPED FACTORY_CERTIFICATE_REFUSED FOLDER_NOT_TRUSTED JOURNAL_UNREADABLE OTHER_BODY UNFINISHED_WORK NOT_PROVISIONED BACKUP_UNUSABLE GIVEN_CREDENTIALS_INVALID FOLDER_READ_ONLY PERMISSION_DENIED NO_SPACE NO_SPACE_AFTER_ANSWER FILE_BUSY FILES_NOT_KEPT FILES_NOT_PRIVATE FILE_IO LOCKED HOST_NOT_FOUND RESOLVER_SILENT CONNECTION_REFUSED NETWORK_UNREACHABLE ADDRESS_FAMILY_MISSING CONNECT_TIMEOUT CONNECTION_FORBIDDEN ADDRESS_UNUSABLE LOCAL_RESOURCES_EXHAUSTED NETWORK_ERROR CONNECTION_LOST NOTHING_HEARD TLS_EXPECTED NO_ANSWER NOT_MQTT NOT_THINGSBOARD TOO_MUCH_DATA SESSION_REFUSED PROXY_UNREACHABLE PROXY_FINDS_NO_SERVER PROXY_REFUSED PROXY_CREDENTIALS_WANTED PROXY_NOT_SPOKEN TLS_FAILED TLS_NOT_SPOKEN TLS_STALLED TLS_VERSION_REFUSED TLS_HANDSHAKE_REFUSED TLS_DAMAGED TLS_UNTRUSTED TLS_CHAIN_INCOMPLETE TLS_WRONG_HOST TLS_CERTIFICATE_WITHOUT_NAME TLS_CERTIFICATE_UNFIT TLS_TOO_WEAK TLS_PIN_MISMATCH TLS_CLIENT_CERTIFICATE_WANTED TLS_NAME_REFUSED TLS_NOT_YET_VALID TLS_EXPIRED PROVISION_DATA_NOT_FOUND DEVICE_REFUSED REFUSAL_UNCONFIRMED NAMES_REFUSED CREDENTIALS_TYPE_UNSUPPORTED FORMER_CREDENTIALS_REFUSED CREDENTIALS_REFUSED CREDENTIALS_NOT_ACCEPTED DEVICE_LOCKED_OUT GIVEN_CREDENTIALS_REFUSED CREDENTIALS_OF_ANOTHER_DEVICE CREDENTIALS_UNPROVEN REPLY_MALFORMED REPLY_INCOMPLETE REPLY_FOR_OTHER_DEVICE LIST_INVALID LEDGER_UNUSABLE LEDGER_KEY_WRONG LEDGER_REFUSED LEDGER_AWAY LEASE_LOST API_KEY_UNUSABLE API_KEY_REFUSED API_REFUSED API_UNUSABLE RATE_LIMITED DEVICE_CONFLICT DEVICE_LIMIT_REACHED INTERRUPTED TERMINATED INTERNAL PLAIN_TEXT PLAIN_TEXT_ON_TLS_PORT TLS_NAMED_BY_COMMON_NAME PROXY_IN_THE_WAY SHORT_TIMEOUT NO_DEVICE_ID NO_DEVICE_NAME DEVICE_ID_INVALID TOKEN_NOT_BASE64 LOGIN_WITHOUT_SECRET NAME_UNCERTAIN CLAIM_OPEN UNFINISHED_ELSEWHERE SERVER_RECOGNISED CLIENT_CERTIFICATE_ENDS CREDENTIALS_REPLACED TRIGGER_MISNAMED DEVICE_LEFT_BEHIND INTENT_SET_ASIDE JOURNAL_RECORD_DAMAGED SECRETS_WIPED CREDENTIALS_FILE_READABLE CONFIG_READABLE FOLDER_SHARED NO_LOCK STATUS_NOT_WRITTEN LISTENER_FAILED CLOCK_NOT_SET BODY_DIFFERS CREDENTIALS_GONE LAST_SUCCESS_NOT_KEPT OTHER_CREDENTIALS OLD_CREDENTIALS_REMOVED TIDYING_INCOMPLETE 0 64 70 73 74 75 77 78 130 143' ;;
    'simulator') words='--port --host --strategy --key --secret --authority --version-of-server --device --config --scenario --list-scenarios --state --record --http --http-host --tls-cert --tls-key --json --show-secrets --version --help' ;;
    'station') words='--version --help import run status list retry show report label export forget' ;;
    'demo') words='--keep --version --help' ;;
    'station import') words='--ledger --ledger-password-file --json --version --help' ;;
    'station run') words='--ledger --ledger-password-file --json --ledger-key-file --plain-ledger --provision-file --rest-url --api-key-file --device-profile --output --template --with-provision-json --method --concurrency --station --version --help' ;;
    'station status') words='--ledger --ledger-password-file --json --version --help' ;;
    'station list') words='--ledger --ledger-password-file --json --state --version --help' ;;
    'station retry') words='--ledger --ledger-password-file --json --version --help' ;;
    'station show') words='--ledger --ledger-password-file --json --version --help' ;;
    'station report') words='--ledger --ledger-password-file --format --version --help' ;;
    'station label') words='--ledger --ledger-password-file --json --all --svg --labels --version --help' ;;
    'station export') words='--ledger --ledger-password-file --json --ledger-key-file --plain-ledger --provision-file --output --template --with-provision-json --version --help' ;;
    'station forget') words='--ledger --ledger-password-file --json --ledger-key-file --plain-ledger --provision-file --rest-url --api-key-file --device-profile --yes --delete-device --version --help' ;;
    help) words='provision status check reset restore adopt decommission label diagnostics explain simulator station demo exit-statuses files environment' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _thermal_provision thermal-provision
