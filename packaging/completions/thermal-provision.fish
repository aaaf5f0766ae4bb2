# Made from the commands in src/cli/ by `npm run generate`. Do not edit.
complete -c thermal-provision -f
complete -c thermal-provision -n __fish_use_subcommand -a provision -d 'Provisions the camera whose files are in a folder: one run, safe to repeat at any time.'
complete -c thermal-provision -n __fish_use_subcommand -a status -d 'Tells what the camera is and how far its provisioning is; also during a run, and after a crash.'
complete -c thermal-provision -n __fish_use_subcommand -a check -d 'Looks at everything that can be wrong: files, disk, camera, clock, name, way, TLS, server.'
complete -c thermal-provision -n __fish_use_subcommand -a reset -d 'Puts an unfinished provisioning aside, so that the next run starts from the beginning.'
complete -c thermal-provision -n __fish_use_subcommand -a restore -d 'Lists the backups of thermal_config.json, or puts one back, after the server was asked about it.'
complete -c thermal-provision -n __fish_use_subcommand -a adopt -d 'Takes credentials that an administrator made on the server: proves them, and saves them.'
complete -c thermal-provision -n __fish_use_subcommand -a decommission -d 'Takes the camera out of service: overwrites and removes its credentials, backups and journals.'
complete -c thermal-provision -n __fish_use_subcommand -a label -d 'Makes the QR code of a provisioned camera: serial number, device, server. No secret is in it.'
complete -c thermal-provision -n __fish_use_subcommand -a diagnostics -d 'Gathers what support wants to know, as one JSON document that a person can read before sending it.'
complete -c thermal-provision -n __fish_use_subcommand -a explain -d 'Says what an error, a warning or an exit status means, its usual causes, and what to check.'
complete -c thermal-provision -n __fish_use_subcommand -a simulator -d 'An embedded ThingsBoard for rehearsals: prints its address, its devices and every exchange.'
complete -c thermal-provision -n __fish_use_subcommand -a station -d 'A factory line: provisions the cameras of a list, at many benches, none twice.'
complete -c thermal-provision -n __fish_use_subcommand -a demo -d 'Shows everything: a camera, a server, a lost answer, a wrong secret. Needs no network and no server.'
complete -c thermal-provision -n __fish_use_subcommand -a help -d 'The help of a command or a topic.'
complete -c thermal-provision -n '__fish_seen_subcommand_from explain; and not __fish_seen_subcommand_from station' -a 'USAGE PLATFORM_UNSUPPORTED FOLDER_MISSING TRIGGER_INVALID TRIGGER_NAME_WRONG CREDENTIALS_FILE_MISSING CREDENTIALS_FILE_UNREADABLE CREDENTIALS_FILE_INVALID CONFIG_FILE_UNREADABLE CONFIG_FILE_INVALID AUTHORITIES_FILE_INVALID CLIENT_CERTIFICATE_INVALID TPM_KEY_UNUSABLE CERTIFICATE_COMMAND_UNUSABLE CERTIFICATE_NOT_ISSUED CERTIFICATE_UNUSABLE TLS_REQUIRED PROVISIONING_KEY_WIPED FACTORY_CERTIFICATE_REFUSED FOLDER_NOT_TRUSTED JOURNAL_UNREADABLE OTHER_BODY UNFINISHED_WORK NOT_PROVISIONED BACKUP_UNUSABLE GIVEN_CREDENTIALS_INVALID FOLDER_READ_ONLY PERMISSION_DENIED NO_SPACE NO_SPACE_AFTER_ANSWER FILE_BUSY FILES_NOT_KEPT FILES_NOT_PRIVATE FILE_IO LOCKED HOST_NOT_FOUND RESOLVER_SILENT CONNECTION_REFUSED NETWORK_UNREACHABLE ADDRESS_FAMILY_MISSING CONNECT_TIMEOUT CONNECTION_FORBIDDEN ADDRESS_UNUSABLE LOCAL_RESOURCES_EXHAUSTED NETWORK_ERROR CONNECTION_LOST NOTHING_HEARD TLS_EXPECTED NO_ANSWER NOT_MQTT NOT_THINGSBOARD TOO_MUCH_DATA SESSION_REFUSED PROXY_UNREACHABLE PROXY_FINDS_NO_SERVER PROXY_REFUSED PROXY_CREDENTIALS_WANTED PROXY_NOT_SPOKEN TLS_FAILED TLS_NOT_SPOKEN TLS_STALLED TLS_VERSION_REFUSED TLS_HANDSHAKE_REFUSED TLS_DAMAGED TLS_UNTRUSTED TLS_CHAIN_INCOMPLETE TLS_WRONG_HOST TLS_CERTIFICATE_WITHOUT_NAME TLS_CERTIFICATE_UNFIT TLS_TOO_WEAK TLS_PIN_MISMATCH TLS_CLIENT_CERTIFICATE_WANTED TLS_NAME_REFUSED TLS_NOT_YET_VALID TLS_EXPIRED PROVISION_DATA_NOT_FOUND DEVICE_REFUSED REFUSAL_UNCONFIRMED NAMES_REFUSED CREDENTIALS_TYPE_UNSUPPORTED FORMER_CREDENTIALS_REFUSED CREDENTIALS_REFUSED CREDENTIALS_NOT_ACCEPTED DEVICE_LOCKED_OUT GIVEN_CREDENTIALS_REFUSED CREDENTIALS_OF_ANOTHER_DEVICE CREDENTIALS_UNPROVEN REPLY_MALFORMED REPLY_INCOMPLETE REPLY_FOR_OTHER_DEVICE LIST_INVALID LEDGER_UNUSABLE LEDGER_KEY_WRONG LEDGER_REFUSED LEDGER_AWAY LEASE_LOST API_KEY_UNUSABLE API_KEY_REFUSED API_REFUSED API_UNUSABLE RATE_LIMITED DEVICE_CONFLICT DEVICE_LIMIT_REACHED INTERRUPTED TERMINATED INTERNAL PLAIN_TEXT PLAIN_TEXT_ON_TLS_PORT TLS_NAMED_BY_COMMON_NAME PROXY_IN_THE_WAY SHORT_TIMEOUT NO_DEVICE_ID NO_DEVICE_NAME DEVICE_ID_INVALID TOKEN_NOT_BASE64 LOGIN_WITHOUT_SECRET NAME_UNCERTAIN CLAIM_OPEN UNFINISHED_ELSEWHERE SERVER_RECOGNISED CLIENT_CERTIFICATE_ENDS CREDENTIALS_REPLACED TRIGGER_MISNAMED DEVICE_LEFT_BEHIND INTENT_SET_ASIDE JOURNAL_RECORD_DAMAGED SECRETS_WIPED CREDENTIALS_FILE_READABLE CONFIG_READABLE FOLDER_SHARED NO_LOCK STATUS_NOT_WRITTEN LISTENER_FAILED CLOCK_NOT_SET BODY_DIFFERS CREDENTIALS_GONE LAST_SUCCESS_NOT_KEPT OTHER_CREDENTIALS OLD_CREDENTIALS_REMOVED TIDYING_INCOMPLETE 0 64 70 73 74 75 77 78 130 143'
complete -c thermal-provision -n '__fish_seen_subcommand_from help; and not __fish_seen_subcommand_from station' -a 'provision status check reset restore adopt decommission label diagnostics explain simulator station demo exit-statuses files environment'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and not __fish_seen_subcommand_from import run status list retry show report label export forget' -a 'import run status list retry show report label export forget'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l directory -s d -d 'the folder of the camera'\''s files (default: this one)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l human -d 'the form for people, also when standard output is not a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l dry-run -d 'check everything that can be checked here; send nothing, change nothing'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l wait -d 'keep trying until it is done or told to stop, unless somebody must correct something'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l new-identity -d 'make a new device, although the present credentials may still work'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l no-body -d 'record nothing of the board: for images and benches, whose cards go into other cameras'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l body-replaced -d 'accept what another board began or has: this camera'\''s board was replaced'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l require-tls -d 'refuse to speak plain text'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l ca-file -d 'trust these certificates (PEM); several times for several; "system" is the system'\''s' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l server-name -d 'the name that the server'\''s certificate must have, instead of the host' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l proxy -d 'the HTTP proxy that leads to the server: http://proxy.example:3128' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l pinned-public-key -d 'a key (sha256/...) of which one must be in the server'\''s certificate chain' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l client-certificate-command -d 'has the camera'\''s certificate made: a request on its standard input, the answer on its output' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l strict-files -d 'refuse file systems that lose files at reboot, or that ignore file modes'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l allow-shared-folder -d 'go on although others may write the folder: they decide where the camera reports'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l device-id-within -d 'how long to ask for the device'\''s id (default: 0.5)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l metrics -d 'at each end of a run, write what the camera is for Prometheus, as status does' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l log-level -d 'what to log on standard error; default: warn, for people silent' -x -a 'silent error warn info debug'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from provision; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from status; and not __fish_seen_subcommand_from station' -l directory -s d -d 'the folder of the camera'\''s files (default: this one)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from status; and not __fish_seen_subcommand_from station' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from status; and not __fish_seen_subcommand_from station' -l metrics -d 'write it for Prometheus, too: for the textfile collector of node exporter' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from status; and not __fish_seen_subcommand_from station' -l is-provisioned -d 'print nothing; exit status 0 if the camera is provisioned, else 1'
complete -c thermal-provision -n '__fish_seen_subcommand_from status; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from status; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l directory -s d -d 'the folder of the camera'\''s files (default: this one)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l ask-server -d 'ask the server whether it knows key and secret; makes no device'
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l try-credentials -d 'log in with the camera'\''s own credentials; ends a session that it has'
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l require-tls -d 'refuse to speak plain text'
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l ca-file -d 'trust these certificates (PEM); several times for several; "system" is the system'\''s' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l server-name -d 'the name that the server'\''s certificate must have, instead of the host' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l proxy -d 'the HTTP proxy that leads to the server: http://proxy.example:3128' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l pinned-public-key -d 'a key (sha256/...) of which one must be in the server'\''s certificate chain' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from check; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from reset; and not __fish_seen_subcommand_from station' -l directory -s d -d 'the folder of the camera'\''s files (default: this one)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from reset; and not __fish_seen_subcommand_from station' -l purge -d 'remove what was put aside earlier, and put nothing aside'
complete -c thermal-provision -n '__fish_seen_subcommand_from reset; and not __fish_seen_subcommand_from station' -l yes -d 'do it; without this option, reset only says what would happen'
complete -c thermal-provision -n '__fish_seen_subcommand_from reset; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from reset; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from restore; and not __fish_seen_subcommand_from station' -l directory -s d -d 'the folder of the camera'\''s files (default: this one)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from restore; and not __fish_seen_subcommand_from station' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from restore; and not __fish_seen_subcommand_from station' -l last-success -d 'put the credentials that the server accepted last into thermal_config.json'
complete -c thermal-provision -n '__fish_seen_subcommand_from restore; and not __fish_seen_subcommand_from station' -l force -d 'put it back although the server refuses its credentials, or does not answer'
complete -c thermal-provision -n '__fish_seen_subcommand_from restore; and not __fish_seen_subcommand_from station' -l allow-shared-folder -d 'as for provision: accept a folder that others can write'
complete -c thermal-provision -n '__fish_seen_subcommand_from restore; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from restore; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from adopt; and not __fish_seen_subcommand_from station' -l directory -s d -d 'the folder of the camera'\''s files (default: this one)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from adopt; and not __fish_seen_subcommand_from station' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from adopt; and not __fish_seen_subcommand_from station' -l token-file -d 'the token on one line, or JSON with access_token and device_name' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from adopt; and not __fish_seen_subcommand_from station' -l device-name -d 'what the device is called on the server, where the file does not say it' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from adopt; and not __fish_seen_subcommand_from station' -l require-tls -d 'refuse to speak plain text'
complete -c thermal-provision -n '__fish_seen_subcommand_from adopt; and not __fish_seen_subcommand_from station' -l ca-file -d 'trust these certificates (PEM), as for provision' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from adopt; and not __fish_seen_subcommand_from station' -l allow-shared-folder -d 'as for provision: accept a folder that others can write'
complete -c thermal-provision -n '__fish_seen_subcommand_from adopt; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from adopt; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from decommission; and not __fish_seen_subcommand_from station' -l directory -s d -d 'the folder of the camera'\''s files (default: this one)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from decommission; and not __fish_seen_subcommand_from station' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from decommission; and not __fish_seen_subcommand_from station' -l yes -d 'do it; without this option, decommission only says what would go'
complete -c thermal-provision -n '__fish_seen_subcommand_from decommission; and not __fish_seen_subcommand_from station' -l with-provisioning-secret -d 'remove provision.json, too: key and secret of the device profile'
complete -c thermal-provision -n '__fish_seen_subcommand_from decommission; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from decommission; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from label; and not __fish_seen_subcommand_from station' -l directory -s d -d 'the folder of the camera'\''s files (default: this one)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from label; and not __fish_seen_subcommand_from station' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from label; and not __fish_seen_subcommand_from station' -l svg -d 'write the code into this file, as a picture, instead of printing it' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from label; and not __fish_seen_subcommand_from station' -l force -d 'write over that file, where there is one'
complete -c thermal-provision -n '__fish_seen_subcommand_from label; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from label; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from diagnostics; and not __fish_seen_subcommand_from station' -l directory -s d -d 'the folder of the camera'\''s files (default: this one)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from diagnostics; and not __fish_seen_subcommand_from station' -l output -d 'write it into this file, which must not be there yet, instead of printing it' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from diagnostics; and not __fish_seen_subcommand_from station' -l without-check -d 'leave out what check finds, and with it every connection to the server'
complete -c thermal-provision -n '__fish_seen_subcommand_from diagnostics; and not __fish_seen_subcommand_from station' -l without-files -d 'leave out the names, modes and owners of the files'
complete -c thermal-provision -n '__fish_seen_subcommand_from diagnostics; and not __fish_seen_subcommand_from station' -l without-unit -d 'leave out what systemd says of the unit'
complete -c thermal-provision -n '__fish_seen_subcommand_from diagnostics; and not __fish_seen_subcommand_from station' -l without-log -d 'leave out the unit'\''s last log lines'
complete -c thermal-provision -n '__fish_seen_subcommand_from diagnostics; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from diagnostics; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from explain; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from explain; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l port -s p -d 'where to listen; 0 takes any free port (default: 1883, with TLS 8883)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l host -d 'the address to listen at (default: 127.0.0.1, this machine only)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l strategy -d 'how the device profile provisions; default: allow-create' -x -a 'allow-create check-pre-provisioned x509-chain disabled'
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l key -d 'the profile'\''s provision device key' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l secret -d 'the profile'\''s provision device secret' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l authority -d 'x509-chain: the certificate of the authority (PEM)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l version-of-server -d 'the ThingsBoard to be, such as 4.2.1; one that was not recorded behaves as the newest before it (default: the newest)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l device -d 'a device that is registered already; may be given again and again' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l config -d 'profiles, tenants, devices and limits, as JSON (schema/simulator.schema.json)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l scenario -d 'what goes wrong, and when: a file, or the name of a ready scenario' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l list-scenarios -d 'the ready scenarios, a sentence each; nothing is started'
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l state -d 'keep the devices in this file from one run to the next' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l record -d 'write a transcript of everything into this file at the end' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l http -d 'serve a page and JSON about it all, and provisioning by HTTP; 0 takes any free port' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l http-host -d 'the address of --http, whatever --host is (default: 127.0.0.1)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l tls-cert -d 'speak TLS with this certificate (PEM)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l tls-key -d 'the certificate'\''s private key (PEM)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l show-secrets -d 'do not mask keys, secrets and tokens in what is shown'
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from simulator; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and not __fish_seen_subcommand_from import run status list retry show report label export forget' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and not __fish_seen_subcommand_from import run status list retry show report label export forget' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from demo; and not __fish_seen_subcommand_from station' -l keep -d 'leave the cameras'\'' folders there, to look at; a new or empty folder' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from demo; and not __fish_seen_subcommand_from station' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from demo; and not __fish_seen_subcommand_from station' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from import' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from import' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from import' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from import' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from import' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l ledger-key-file -d '32 bytes in base64, the same on every bench (mode 0600)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l plain-ledger -d 'keep the secrets in the ledger as they are, without a key'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l provision-file -d 'server, TLS, key and secret (default: provision.json)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l rest-url -d 'the server'\''s web address, to make devices over REST' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l api-key-file -d 'the API key of a tenant administrator (mode 0600)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l device-profile -d 'the profile of new devices (default: the tenant'\''s default)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l output -d 'the folder of the cameras'\'' folders (default: cameras)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l template -d 'the thermal_config.json that every camera'\''s begins as' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l with-provision-json -d 'let each camera prove its device itself at its first start'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l method -d 'how devices are made; default: registration with --rest-url' -x -a 'registration provisioning'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l concurrency -d 'cameras at once, at most (default: 20)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l station -d 'the name of this bench in the ledger (default: that of the machine)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from run' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from status' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from status' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from status' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from status' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from status' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from list' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from list' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from list' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from list' -l state -d 'only cameras in this state' -x -a 'new running waiting proved failed'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from list' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from list' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from retry' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from retry' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from retry' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from retry' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from retry' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from show' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from show' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from show' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from show' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from show' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from report' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from report' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from report' -l format -d 'for a spreadsheet or for a program (default: csv)' -x -a 'csv json'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from report' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from report' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from label' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from label' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from label' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from label' -l all -d 'a label for every camera that is proved'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from label' -l svg -d 'write a file SERIAL.svg for each, instead of printing the codes'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from label' -l labels -d 'the folder of these files (default: labels)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from label' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from label' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l ledger-key-file -d '32 bytes in base64, the same on every bench (mode 0600)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l plain-ledger -d 'keep the secrets in the ledger as they are, without a key'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l provision-file -d 'server, TLS, key and secret (default: provision.json)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l output -d 'the folder of the cameras'\'' folders (default: cameras)' -x -a '(__fish_complete_directories)'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l template -d 'the thermal_config.json that every camera'\''s begins as' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l with-provision-json -d 'let each camera prove its device itself at its first start'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from export' -l help -s h -d 'this text'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l ledger -d 'a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l ledger-password-file -d 'the database'\''s password; default: libpq'\''s PGPASSFILE' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l json -d 'one JSON object per line, also on a terminal'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l ledger-key-file -d '32 bytes in base64, the same on every bench (mode 0600)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l plain-ledger -d 'keep the secrets in the ledger as they are, without a key'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l provision-file -d 'server, TLS, key and secret (default: provision.json)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l rest-url -d 'the server'\''s web address, to make devices over REST' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l api-key-file -d 'the API key of a tenant administrator (mode 0600)' -r -F
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l device-profile -d 'the profile of new devices (default: the tenant'\''s default)' -x
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l yes -d 'yes, forget it'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l delete-device -d 'delete the device on the server first, if it is still ours'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l version -s V -d 'the version of the program'
complete -c thermal-provision -n '__fish_seen_subcommand_from station; and __fish_seen_subcommand_from forget' -l help -s h -d 'this text'
