;;; emacs-beside.el --- our findings beside another server's  -*- lexical-binding: t -*-
;; The Flymake backend of docs/editors.md in a buffer that Eglot has given to another server.  Run by
;; emacs.test.ts with --batch; prints `key: value' lines, ends with status 0 or 1.

(setq eglot-sync-connect t make-backup-files nil create-lockfiles nil)
(require 'eglot)

(defun dt-say (key value) (princ (format "%s: %s\n" key value)))

(condition-case problem
    (progn
      (load (getenv "LSP_SNIPPET") nil t t)
      (setq eglot-server-programs `((c-mode . (,(getenv "LSP_NODE") ,(getenv "LSP_OTHER")))))
      (find-file (getenv "LSP_FILE"))
      (c-mode)
      (apply #'eglot (eglot--guess-contact))
      (eglot--maybe-activate-editing-mode)
      (flymake-mode 1)
      (flymake-start)
      (let ((tries 0))
        (while (and (< tries 600) (< (length (flymake-diagnostics)) 2))
          (accept-process-output nil 0.05)
          (setq tries (1+ tries))))
      (dolist (one (flymake-diagnostics))
        (dt-say "found" (format "%d %s" (line-number-at-pos (flymake-diagnostic-beg one))
                                (flymake-diagnostic-text one))))
      (dt-say "done" "true"))
  (error (dt-say "problem" (error-message-string problem))
         (kill-emacs 1)))
;;; emacs-beside.el ends here
