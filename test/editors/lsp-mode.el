;;; lsp-mode.el --- lsp-mode with our server over stdio  -*- lexical-binding: t -*-
;; Diagnostics, a code action, save, beside another server.  Run by emacs.test.ts with --batch;
;; prints `key: value' lines, ends with status 0 or 1.

(setq lsp-auto-guess-root t
      lsp-restart 'ignore
      lsp-enable-file-watchers nil
      lsp-enable-suggest-server-download nil
      lsp-diagnostics-provider :flymake
      lsp-headerline-breadcrumb-enable nil
      lsp-enable-dap-auto-configure nil
      make-backup-files nil
      create-lockfiles nil)
(require 'lsp-mode)
(require 'lsp-diagnostics)
(require 'cl-lib)

(defun dt-say (key value) (princ (format "%s: %s\n" key value)))

(defun dt-wait-for (what condition)
  "Let the server's messages in until CONDITION holds."
  (let ((tries 0))
    (while (and (< tries 300) (not (funcall condition)))
      (accept-process-output nil 0.05)
      (setq tries (1+ tries)))
    (unless (funcall condition) (error "Waited in vain until %s" what))))

;; What docs/editors.md says.
(lsp-register-client
 (make-lsp-client
  :new-connection (lsp-stdio-connection
                   (lambda () (list (getenv "LSP_NODE") (getenv "LSP_SERVER") "--stdio")))
  :major-modes '(c-mode)
  :add-on? t
  :server-id 'driver-teardown))

(defun dt-diagnostics ()
  (gethash (lsp--fix-path-casing buffer-file-name) (lsp-diagnostics t)))

(defun dt-session (file wanted)
  (find-file file)
  (c-mode)
  (lsp-workspace-folders-add default-directory)
  (lsp)
  (dt-wait-for "there is a diagnostic" #'dt-diagnostics)
  (dt-say "diagnostics" (length (dt-diagnostics)))
  (let* ((diagnostic (car (dt-diagnostics)))
         (range (lsp:diagnostic-range diagnostic))
         (actions (lsp-request "textDocument/codeAction"
                               (list :textDocument (lsp--text-document-identifier)
                                     :range range
                                     :context (list :diagnostics (vector diagnostic)))))
         (action (cl-find wanted actions :key #'lsp:code-action-title :test #'string-prefix-p)))
    (dt-say "message" (lsp:diagnostic-message diagnostic))
    (mapc (lambda (offered) (dt-say "action" (lsp:code-action-title offered))) actions)
    (unless action (error "The action is not offered"))
    (lsp-execute-code-action action))
  (save-buffer)
  (dt-wait-for "the diagnostic goes" (lambda () (null (dt-diagnostics))))
  (dt-say "done" "true"))

(condition-case problem
    (dt-session (getenv "LSP_FILE") (getenv "LSP_TITLE"))
  (error (dt-say "problem" (error-message-string problem))
         (kill-emacs 1)))
(kill-emacs 0)
;;; lsp-mode.el ends here
